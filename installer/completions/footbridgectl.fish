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

set -l commands neighbors path sessions ping trace ports ssh scp sftp ssh-config connect
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
complete -c footbridgectl -n $none -a ping -d 'Send echoes to a node'
complete -c footbridgectl -n $none -a trace -d 'Ping every node on the way to a node'
complete -c footbridgectl -n $none -a ports -d 'List the interfaces and what they carried'
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
