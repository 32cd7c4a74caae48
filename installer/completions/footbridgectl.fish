# SPDX-License-Identifier: Apache-2.0
# fish completion for footbridgectl: commands, options, nodes. Installed in vendor_completions.d.
function __footbridgectl_nodes
    footbridgectl complete-nodes 2>/dev/null
end

function __footbridgectl_logins
    set -l word (commandline -ct)
    if string match -q '*@*' -- $word
        set -l user (string replace -r '@[^@]*$' '@' -- $word)
        __footbridgectl_nodes | string replace -r '^' -- $user
    else
        __footbridgectl_nodes
    end
end

set -l commands neighbors path sessions ping trace ports stats secrets ssh scp sftp ssh-config connect
set -l none "not __fish_seen_subcommand_from $commands"
complete -c footbridgectl -f
complete -c footbridgectl -n $none -l socket -r -F -d 'Control socket of the agent'
complete -c footbridgectl -n $none -l interface -x -a '(__fish_print_interfaces)' -d 'Be a node on this interface'
complete -c footbridgectl -n $none -l timeout -x -d 'Seconds to wait'
complete -c footbridgectl -n $none -l version -d 'Show the version'
complete -c footbridgectl -l json -d 'Print JSON'
complete -c footbridgectl -s h -l help -d 'Show help'
complete -c footbridgectl -n $none -a neighbors -d 'List the nodes of the overlay'
complete -c footbridgectl -n $none -a path -d 'Show the best way to a node, and the other ways'
complete -c footbridgectl -n $none -a sessions -d 'List the open streams'
complete -c footbridgectl -n $none -a ping -d 'Send echoes to a node'
complete -c footbridgectl -n $none -a trace -d 'Ping every node on the way to a node'
complete -c footbridgectl -n $none -a ports -d 'List the interfaces and what they carried'
complete -c footbridgectl -n $none -a stats -d 'Show what the agent counts'
complete -c footbridgectl -n $none -a secrets -d 'The secrets of the agent, and their rotation'
complete -c footbridgectl -n $none -a ssh -d 'Log in with OpenSSH'
complete -c footbridgectl -n $none -a scp -d 'Copy files with OpenSSH'
complete -c footbridgectl -n $none -a sftp -d 'Browse files with OpenSSH'
complete -c footbridgectl -n $none -a ssh-config -d 'Print Host blocks for ssh_config'
complete -c footbridgectl -n $none -a connect -d 'Join standard input and output to a service'
complete -c footbridgectl -n '__fish_seen_subcommand_from path ping trace ssh-config connect' -a '(__footbridgectl_nodes)'
complete -c footbridgectl -n '__fish_seen_subcommand_from ssh sftp' -a '(__footbridgectl_logins)'
complete -c footbridgectl -n '__fish_seen_subcommand_from scp' -F -a '(__footbridgectl_logins | string replace -r \$ :)'
complete -c footbridgectl -n '__fish_seen_subcommand_from connect' -a 'ssh winbox'
complete -c footbridgectl -n '__fish_seen_subcommand_from connect' -l fdpass -d 'Pass the socket over standard output'
complete -c footbridgectl -n '__fish_seen_subcommand_from neighbors' -l watch -d 'Keep the list on the screen'
complete -c footbridgectl -n '__fish_seen_subcommand_from neighbors' -l wait -x -d 'Seconds to collect'
complete -c footbridgectl -n '__fish_seen_subcommand_from path trace ping' -l count -x -d 'How many'
complete -c footbridgectl -n '__fish_seen_subcommand_from ping' -l interval -x -d 'Seconds between echoes'
complete -c footbridgectl -n '__fish_seen_subcommand_from ping' -l size -x -d 'Payload bytes'
set -l path '__fish_seen_subcommand_from path'
set -l policy '__fish_seen_subcommand_from pin avoid clear show'
complete -c footbridgectl -n "$path; and not $policy" -a 'pin avoid clear show'
complete -c footbridgectl -n "$path" -l avoid-node -x -a '(__footbridgectl_nodes)' -d 'Keep away from this node'
complete -c footbridgectl -n "$path" -l avoid-link -x -a '(__footbridgectl_nodes | string replace -r \$ :)' -d 'Keep away from this link'
complete -c footbridgectl -n "$path; and __fish_seen_subcommand_from pin" -l number -x -d 'Which way'
complete -c footbridgectl -n "$path; and __fish_seen_subcommand_from pin" -l strict -d 'Never another one'
complete -c footbridgectl -n "$path; and $policy" -l session -x -d 'For this session alone'
complete -c footbridgectl -n '__fish_seen_subcommand_from stats' -l all -d 'Zeros as well'
complete -c footbridgectl -n '__fish_seen_subcommand_from stats' -l prometheus -d 'Text exposition format'
set -l secrets '__fish_seen_subcommand_from secrets'
set -l verbs list add first remove set clear confirm revert rotate
set -l rotate "$secrets; and __fish_seen_subcommand_from rotate"
set -l lists "$secrets; and __fish_seen_subcommand_from add first remove set clear"
set -l secret "$secrets; and __fish_seen_subcommand_from add first remove set"
set -l held "$secrets; and __fish_seen_subcommand_from first remove"
complete -c footbridgectl -n "$secrets; and not __fish_seen_subcommand_from $verbs" -a "$verbs"
complete -c footbridgectl -n "$lists" -l port -x -a '(__fish_print_interfaces)' -d 'The list of this interface'
complete -c footbridgectl -n "$secrets; and __fish_seen_subcommand_from add first remove" -l where -x -d 'Lists that hold this fingerprint'
complete -c footbridgectl -n "$held" -l fingerprint -x -d 'The secret'
complete -c footbridgectl -n "$secret" -l empty -d 'The empty secret'
complete -c footbridgectl -n "$secrets; and __fish_seen_subcommand_from add first remove set clear rotate" -l confirm-within -x -d 'Seconds until it is put back'
complete -c footbridgectl -n "$rotate" -a '(__footbridgectl_logins)'
complete -c footbridgectl -n "$rotate" -l nodes-from -r -F -d 'A node a line'
complete -c footbridgectl -n "$rotate" -l skip -x -a '(__footbridgectl_nodes)' -d 'A node that is left out'
complete -c footbridgectl -n "$rotate" -s l -l login -x -d 'The user on the nodes'
complete -c footbridgectl -n "$rotate" -s i -l identity -r -F -d 'The key to log in with'
complete -c footbridgectl -n "$rotate" -s o -x -d 'A setting of ssh_config'
complete -c footbridgectl -n "$rotate" -l program -x -d 'How footbridgectl is called there'
complete -c footbridgectl -n "$rotate" -l dry-run -d 'Show who would do what'
complete -c footbridgectl -n "$rotate" -l resume -d 'Go on'
complete -c footbridgectl -n "$rotate" -l abandon -d 'Forget it'
