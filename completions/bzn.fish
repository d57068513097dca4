# bzn.fish - one completion for every bzn-* program: it asks the program.
# Installed under each program's name, from which it knows whom to ask.

function __bzn_complete
    set -l words (commandline -opc)
    set -l lines ($words[1] --options 2>/dev/null)
    if set -q words[2]; and string match -q -- "$words[2]"\t'*' $lines
        set lines ($words[1] $words[2] --options 2>/dev/null)
    end
    if string match -q -- '-*' (commandline -ct)
        # "--name=" wants a value: fish is shown the name without the sign
        string match -- '--*' $lines | string replace -r '=\t' '\t'
    else if not set -q words[2]
        string match -v -- '--*' $lines
    end
end

complete -c (status basename | string replace -r '\.fish$' '') \
    -a '(__bzn_complete)'
