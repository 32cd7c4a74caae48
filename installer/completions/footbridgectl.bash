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
    case ${COMP_WORDS[COMP_CWORD - 1]} in
        --socket) mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
        --interface) mapfile -t COMPREPLY < <(compgen -W "$(ls /sys/class/net)" -- "$word"); return ;;
        --timeout | --count | --interval | --size | --wait) return ;;
    esac
    if [[ -z $command ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$commands --socket --interface --json --timeout --help --version" -- "$word")
        return
    fi
    if [[ $word == -* ]]; then
        local options='--json --help'
        case $command in
            neighbors) options+=' --watch --wait' ;;
            path | trace) options+=' --count' ;;
            ping) options+=' --count --interval --size' ;;
            stats) options+=' --all --prometheus' ;;
            secrets) options+=' --port --fingerprint --where --empty --confirm-within --dry-run --resume --abandon --skip --login --identity' ;;
            connect) options+=' --fdpass' ;;
        esac
        mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word")
        return
    fi
    local nodes user=''
    nodes=$("${COMP_WORDS[0]}" "${globals[@]}" complete-nodes 2> /dev/null)
    case $command in
        path | ping | trace | ssh-config) mapfile -t COMPREPLY < <(compgen -W "$nodes" -- "$word") ;;
        secrets) mapfile -t COMPREPLY < <(compgen -W 'list add first remove set clear confirm revert rotate' -- "$word") ;;
        connect) mapfile -t COMPREPLY < <(compgen -W "$nodes ssh winbox" -- "$word") ;;
        ssh | sftp | scp)
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
