# SPDX-License-Identifier: Apache-2.0
# bash completion for footbridgectl: commands, options, nodes, files. Installed as
# /usr/share/bash-completion/completions/footbridgectl.
_footbridgectl() {
    local word=${COMP_WORDS[COMP_CWORD]} commands command='' at skip=''
    commands='neighbors path sessions ping trace ports stats secrets ssh scp sftp ssh-config connect'
    local -a globals=()
    COMPREPLY=()
    for ((at = 1; at < COMP_CWORD; ++at)); do
        if [[ -n $skip ]]; then skip=''; globals+=("${COMP_WORDS[at]}"); continue; fi
        case ${COMP_WORDS[at]} in
            --socket) skip=1; globals+=(--socket) ;;
            --interface | --timeout) ((++at)) ;;
            -*) ;;
            *) command=${COMP_WORDS[at]}; break ;;
        esac
    done
    local verb=''
    for ((++at; at < COMP_CWORD; ++at)); do
        case ${COMP_WORDS[at]} in
            -*) ;;
            *) verb=${COMP_WORDS[at]}; break ;;
        esac
    done
    local nodes user=''
    case ${COMP_WORDS[COMP_CWORD - 1]} in
        --socket | --nodes-from | --identity) mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
        --interface | --port) mapfile -t COMPREPLY < <(compgen -W "$(ls /sys/class/net)" -- "$word"); return ;;
        --avoid-node | --avoid-link | --skip)
            nodes=$("${COMP_WORDS[0]}" "${globals[@]}" complete-nodes 2> /dev/null)
            mapfile -t COMPREPLY < <(compgen -W "$nodes" -- "$word")
            if [[ ${COMP_WORDS[COMP_CWORD - 1]} == --avoid-link ]]; then
                COMPREPLY=("${COMPREPLY[@]/%/:}")
                compopt -o nospace
            fi
            return
            ;;
        --timeout | --count | --interval | --size | --wait | --number | --session) return ;;
        -i | -l | -o | -c | -s)
            if [[ $command != ping && ${COMP_WORDS[COMP_CWORD - 1]} == -i ]]; then # a key
                mapfile -t COMPREPLY < <(compgen -f -- "$word")
            fi
            return
            ;;
        --fingerprint | --where | --confirm-within | --login | --program) return ;;
    esac
    if [[ -z $command ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$commands --socket --interface --json --timeout --help --version" -- "$word")
        return
    fi
    if [[ $word == -* ]]; then
        local options='--json --help'
        case $command/$verb in
            neighbors/*) options+=' --watch --wait' ;;
            path/pin) options+=' --number --strict --session' ;;
            path/avoid) options+=' --avoid-node --avoid-link --session' ;;
            path/clear) options+=' --session' ;;
            path/show) ;;
            path/*) options+=' --count --avoid-node --avoid-link' ;;
            trace/*) options+=' --count' ;;
            ping/*) options+=' --count --interval --size' ;;
            stats/*) options+=' --all --prometheus' ;;
            secrets/add) options+=' --port --where --empty --confirm-within' ;;
            secrets/first | secrets/remove) options+=' --port --where --fingerprint --empty --confirm-within' ;;
            secrets/set) options+=' --port --empty --confirm-within' ;;
            secrets/clear) options+=' --port --confirm-within' ;;
            secrets/rotate)
                options+=' --nodes-from --skip --login --identity -o --program --confirm-within --dry-run --resume --abandon'
                ;;
            connect/*) options+=' --fdpass' ;;
        esac
        mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word")
        return
    fi
    nodes=$("${COMP_WORDS[0]}" "${globals[@]}" complete-nodes 2> /dev/null)
    case $command/$verb in
        path/pin | path/avoid | path/clear | secrets/rotate | ping/* | trace/* | ssh-config/*)
            mapfile -t COMPREPLY < <(compgen -W "$nodes" -- "$word")
            ;;
        path/show | secrets/?*) ;;
        path/*) mapfile -t COMPREPLY < <(compgen -W "pin avoid clear show $nodes" -- "$word") ;;
        secrets/*)
            mapfile -t COMPREPLY < <(compgen -W 'list add first remove set clear confirm revert rotate' -- "$word")
            ;;
        connect/*) mapfile -t COMPREPLY < <(compgen -W "$nodes ssh winbox" -- "$word") ;;
        ssh/* | sftp/* | scp/*)
            if [[ $word == *@* ]]; then user=${word%@*}@; fi
            mapfile -t COMPREPLY < <(compgen -P "$user" -W "$nodes" -- "${word#"$user"}")
            if [[ $command == scp ]]; then
                COMPREPLY=("${COMPREPLY[@]/%/:}")
                mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$word")
                compopt -o nospace
            fi
            ;;
    esac
    # An id has colons, at which bash breaks words.
    if declare -F __ltrim_colon_completions > /dev/null; then __ltrim_colon_completions "$word"; fi
}
complete -F _footbridgectl footbridgectl
