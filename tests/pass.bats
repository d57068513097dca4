# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2154
# Where a passphrase comes from: bzn-passphrase(7), through tests/tools/ask.c,
# which prints it in hex.
load common

none='no passphrase: give --passphrase-file, --passphrase-fd, '\
'--passphrase-cmd, $BZN_PASSPHRASE_FILE, '\
'$CREDENTIALS_DIRECTORY/bzn-passphrase or a terminal (no_passphrase)'
sources='file fd cmd env dir'

# The terminal that may be there is not for the tests.
lone() {
	setsid -w "$@"
}

# give SOURCE: put the content of the file "in" there; sets args.
give() {
	case $1 in
	file)	install -m 600 in f; args+=(--passphrase-file f) ;;
	fd)	cp in d; exec 7<d; args+=(--passphrase-fd 7) ;;
	cmd)	cp in c; args+=(--passphrase-cmd 'cat c') ;;
	env)	install -m 600 in e; export BZN_PASSPHRASE_FILE=e ;;
	dir)	mkdir -p creds; install -m 400 in creds/bzn-passphrase
		export CREDENTIALS_DIRECTORY=$PWD/creds ;;
	esac
}

# as_hex: standard input.
as_hex() {
	od -An -v -tx1 | tr -d ' \n'
}

# took TEXT: the record of it.
took() {
	printf '{"hex":"%s"}' "$(printf %s "$1" | as_hex)"
}

# name SOURCE: as complaints have it.
name() {
	case $1 in
	env)	echo '$BZN_PASSPHRASE_FILE' ;;
	dir)	echo '$CREDENTIALS_DIRECTORY' ;;
	*)	echo "--passphrase-$1" ;;
	esac
}

# forget: what give did.
forget() {
	unset BZN_PASSPHRASE_FILE CREDENTIALS_DIRECTORY
	args=()
}

# on_tty COMMAND...: steps are on standard input.
on_tty() {
	run --separate-stderr python3 "$BZN_SRC/tests/pty.py" "$@"
	[[ $status != 99 ]] || fail "$stderr"
}

@test "each source alone, and -v names it" {
	local s

	printf 'open sesame\n' >in
	for s in $sources; do
		forget
		give "$s"
		is 0 "$(took 'open sesame')" "" lone ask "${args[@]}"
		forget
		give "$s"
		is 0 "$(took 'open sesame')" \
		    "ask: passphrase from $(name "$s")" \
		    lone ask -v "${args[@]}"
	done
}

@test "of each pair of sources the first is taken" {
	local s t rest="$sources tty" n=0

	for s in $sources; do
		rest=${rest#"$s "}
		for t in $rest; do
			forget
			echo "$t" >in
			give "$t"
			echo "$s" >in
			give "$s"
			on_tty ask "${args[@]}" </dev/null
			[[ $status == 0 && $(<out) == "$(took "$s")" &&
			    ! -s screen && ! -s err ]] ||
			    fail "$s before $t: $status, $(cat out err screen)"
			n=$((n + 1))
		done
	done
	((n == 15))
}

@test "a source that cannot be read is an error, whatever comes after" {
	local s

	forget
	echo good >in
	give env
	give dir
	is 4 "" "ask: --passphrase-file: cannot open 'no': No such file or \
directory (no_file)" lone ask --passphrase-file no
	is 5 "" "ask: --passphrase-fd: descriptor 17 is not open \
(no_passphrase)" lone ask --passphrase-fd 17
	is 5 "" "ask: --passphrase-cmd: the command ended with status 1 \
(no_passphrase)" lone ask --passphrase-cmd false
	BZN_PASSPHRASE_FILE=no
	is 4 "" "ask: \$BZN_PASSPHRASE_FILE: cannot open 'no': No such file \
or directory (no_file)" lone ask
	BZN_PASSPHRASE_FILE=
	is 0 "$(took good)" "" lone ask
	rm creds/bzn-passphrase
	is 5 "" "ask: $none" lone ask
	mkdir creds/bzn-passphrase
	is 5 "" "ask: \$CREDENTIALS_DIRECTORY: \
'$PWD/creds/bzn-passphrase' is not a file: for a pipe there is \
--passphrase-fd (unsafe_mode)" lone ask
	CREDENTIALS_DIRECTORY=$PWD/nowhere
	is 5 "" "ask: $none" lone ask
}

@test "without a source: status 5 within a second, and all of them named" {
	local e="ask: $none"

	mkfifo p
	exec 8<>p		# holds it open, and never writes
	is 5 "" "$e" timeout 1 setsid -w ask <&-
	is 5 "" "$e" timeout 1 setsid -w ask </dev/null
	is 5 "" "$e" timeout 1 setsid -w ask <&8
	echo not-for-you >text
	is 5 "" "$e" timeout 1 setsid -w ask <text
	is 5 "" "$e" timeout 1 setsid -w ask --make <text
	is 0 "$(took not-for-you)" "" lone ask --passphrase-fd 0 <text
	forget
	echo old >in
	give file
	give env
	is 5 "$(took old)" "ask: no new passphrase: give \
--new-passphrase-file, --new-passphrase-fd, --new-passphrase-cmd or a \
terminal (no_passphrase)" timeout 1 setsid -w ask "${args[@]}" --change
}

@test "in the background of a terminal there is nobody to ask" {
	on_tty bash -c 'set -m; ask & wait $!' </dev/null
	[[ $status == 5 && ! -s screen && $(<err) == "ask: $none"$'\n'* ]] ||
	    fail "$status, $(cat out err screen)"
}

# row CONTENT... WANT: of the boundary table, for every source.  The content
# is that of "in"; WANT is the hex of what is taken, or why it is not.
row() {
	local s

	for s in $sources; do
		forget
		give "$s"
		if [[ $1 == [0-9a-f]* ]]; then
			is 0 "{\"hex\":\"$1\"}" "" lone ask "${args[@]}"
		else
			is 3 "" "ask: $(name "$s"): $1 (unfit_passphrase)" \
			    lone ask "${args[@]}"
		fi
	done
}

# bytes N: so many of them.
bytes() {
	head -c "$1" /dev/zero | tr '\0' x
}

# hex N: the same in hex.
hex() {
	bytes "$1" | as_hex
}

@test "one line feed is taken off the end, and nothing else" {
	printf 'a' >in;		row 61
	printf 'a\n' >in;	row 61
	printf 'a\r\n' >in;	row 610d
	printf 'a\n\n' >in;	row 610a
	printf '\na\n' >in;	row 0a61
	printf '\n\n' >in;	row 0a
	printf ' a \n' >in;	row 206120
	printf '\377\200\n' >in; row ff80
}

@test "1 to 1,024 bytes, without a NUL; never cut" {
	local long="it is over 1024 bytes" n

	: >in;				row "it is empty"
	printf '\n' >in;		row "it is empty"
	printf '\0' >in;		row "it holds a NUL"
	printf 'a\0b\n' >in;		row "it holds a NUL"
	printf 'ab\0\n' >in;		row "it holds a NUL"
	for n in 1 1023 1024; do
		bytes "$n" >in;		row "$(hex "$n")"
		echo >>in;		row "$(hex "$n")"
	done
	echo >>in;			row "$long"
	for n in 1025 1026 4096 100000; do
		bytes "$n" >in;		row "$long"
		echo >>in;		row "$long"
	done
}

# unsafe FILE WHY
unsafe() {
	is 5 "" "ask: --passphrase-file: $2 (unsafe_mode)" \
	    timeout 5 setsid -w ask --passphrase-file "$1"
}

@test "a file that others can read is refused" {
	local mode

	echo a >f
	for mode in 640 620 610 604 602 601 660 644 666 777; do
		chmod "$mode" f
		unsafe f "others can read 'f': chmod 600 it"
	done
	for mode in 600 400 700; do
		chmod "$mode" f
		is 0 "$(took a)" "" lone ask --passphrase-file f
	done
	chmod 640 f
	BZN_PASSPHRASE_FILE=f is 5 "" "ask: \$BZN_PASSPHRASE_FILE: others \
can read 'f': chmod 600 it (unsafe_mode)" lone ask
}

@test "only of root, and only as a credential, the group may read it" {
	forget
	echo a >in
	give dir
	chmod 440 creds/bzn-passphrase
	if ((EUID)); then
		run -5 lone ask
		return
	fi
	is 0 "$(took a)" "" lone ask
	chmod 444 creds/bzn-passphrase
	is 5 "" "ask: \$CREDENTIALS_DIRECTORY: others can read \
'$PWD/creds/bzn-passphrase': chmod 600 it (unsafe_mode)" lone ask
}

@test "what is not a file is refused, and does not hold up" {
	local why="for a pipe there is --passphrase-fd"

	mkdir d
	mkfifo p
	ln -s loop loop
	unsafe d "'d' is not a file: $why"
	unsafe p "'p' is not a file: $why"
	unsafe /dev/null "'/dev/null' is not a file: $why"
	unsafe loop "'loop' is not a file: Too many levels of symbolic links"
	unsafe /dev/fd/9 "'/dev/fd/9' is not a file: $why" 9< <(echo a)
}

@test "a file of another user is refused, by its name and by a link" {
	((EUID == 0)) || skip "needs root to make one"
	echo a >f
	chmod 600 f
	ln -s f link
	is 0 "$(took a)" "" lone ask --passphrase-file link
	chown 1 f
	unsafe f "'f' is another user's"
	unsafe link "'link' is another user's"
}

@test "a file that may not be read is status 5" {
	local weak=()

	((EUID)) || weak=(setpriv
	    "--bounding-set=-dac_override,-dac_read_search")
	echo a >f
	chmod 0 f
	is 5 "" "ask: --passphrase-file: cannot open 'f': Permission denied \
(denied)" lone "${weak[@]}" ask --passphrase-file f
}

@test "a descriptor: a number, open before, no terminal, not without end" {
	local n

	for n in x -1 '' 1x 99999999999 0x3; do
		run --separate-stderr lone ask --passphrase-fd="$n"
		[[ $status == 2 && $stderr == *"(usage)" ]] || fail "$n"
	done
	for n in 9 2147483647; do
		is 5 "" "ask: --passphrase-fd: descriptor $n is not open \
(no_passphrase)" lone ask --passphrase-fd "$n"
	done
	mkfifo p
	exec 8<>p
	printf 'no end' >&8
	is 5 "" "ask: --passphrase-fd: nothing came in time (no_passphrase)" \
	    lone ask --passphrase-fd 8 --wait 50
	is 5 "" "ask: --passphrase-fd: cannot read: Bad file descriptor \
(no_passphrase)" lone ask --passphrase-fd 7 7>f
	on_tty sh -c 'exec ask --passphrase-fd 7 7<>/dev/tty' </dev/null
	[[ $status == 5 && $(<err) == *"descriptor 7 is a terminal"* ]]
}

# prints CMD TEXT: that is what the command line makes it print.
prints() {
	is 0 "$(took "$2")" "" lone ask --passphrase-cmd "$1"
}

@test "a command is split into words, and no shell sees it" {
	prints 'printf %s|%s a b' 'a|b'
	prints "  printf	%s|  'a  b'  " 'a  b|'
	prints "printf '%s|' \"a 'b' \\\" \\\\ \\n\"" "a 'b' \" \\ \\n|"
	prints 'printf %s \$HOME' '$HOME'
	prints 'printf %s a\ b\"' 'a b"'
	prints 'printf %s $HOME;`id`&&*' '$HOME;`id`&&*'
	prints "printf %s|%s '' x" '|x'
	prints "printf %s a'b'\"c\"d" 'abcd'
	is 2 "" "ask: --passphrase-cmd: a quote is not closed (usage)" \
	    lone ask --passphrase-cmd "echo 'a"
	is 2 "" "ask: --passphrase-cmd: no command (usage)" \
	    lone ask --passphrase-cmd "  "
	is 2 "" "ask: --passphrase-cmd: over 64 words (usage)" \
	    lone ask --passphrase-cmd "echo $(printf 'a %.0s' {1..64})"
	is 0 "$(took "$(printf 'a%.0s ' {1..63} | sed 's/ $//')")" "" \
	    lone ask --passphrase-cmd "echo $(printf 'a %.0s' {1..63})"
}

@test "a command that fails, complains, is not there, dies, says too much" {
	is 5 "" $'told you\nask: --passphrase-cmd: the command ended with '\
$'status 3 (no_passphrase)' lone ask \
	    --passphrase-cmd 'sh -c "echo secret; echo told you >&2; exit 3"'
	is 0 "$(took a)" "a warning" lone ask \
	    --passphrase-cmd 'sh -c "echo a warning >&2; echo a"'
	is 5 "" "ask: --passphrase-cmd: cannot run './no': No such file or \
directory (no_passphrase)" lone ask --passphrase-cmd './no thing'
	is 5 "" "ask: --passphrase-cmd: the command died of signal 9 \
(no_passphrase)" lone ask --passphrase-cmd 'sh -c "kill -9 $$"'
	is 3 "" "ask: --passphrase-cmd: it is over 1024 bytes \
(unfit_passphrase)" timeout 5 setsid -w ask --passphrase-cmd yes
	is 0 "$(took a)" "" env --ignore-signal=CHLD setsid -w \
	    ask --passphrase-cmd 'echo a'
}

@test "a command that hangs is killed with all that it started" {
	local hangs='sh -c "exec 9>q; echo a; cat p & wait"'

	mkfifo p q
	exec 8<>p
	timeout 5 cat q 8>&- 3>&- &	# ends when nobody can write to q
	is 5 "" "ask: --passphrase-cmd: the command did not end in time \
(no_passphrase)" lone ask --passphrase-cmd "$hangs" --wait 100
	wait "$!"
	# It has closed its output, and does not end.
	is 5 "" "ask: --passphrase-cmd: the command did not end in time \
(no_passphrase)" lone ask --wait 100 \
	    --passphrase-cmd 'sh -c "echo a; exec cat p >/dev/null"'
	# It has ended, and something keeps its output open.
	is 5 "" "ask: --passphrase-cmd: the command did not end in time \
(no_passphrase)" lone ask --wait 100 --passphrase-cmd 'sh -c "cat p &"'
}

@test "a command reads nothing, and inherits no descriptor" {
	export FDS='0 1 2 3 4 5 6 7 8 9 10 11 12'

	echo input >in
	is 3 "" "ask: --passphrase-cmd: it is empty (unfit_passphrase)" \
	    lone ask --passphrase-cmd cat <in
	# It makes no pipe: that would be open, too, for a moment.
	prints 'sh -c "for n in $FDS; do
	    [ ! -e /proc/$$/fd/$n ] || printf \"%s \" $n; done"' '0 1 2 ' \
	    7<in 9<in
}

@test "the passphrase is in no environment, argument or stream" {
	local canary=canary-5e1d

	echo "$canary" >in
	forget
	give file
	is 0 "$(took "$canary")
$(took seen)" $'ask: passphrase from --passphrase-file\nask: passphrase from --new-passphrase-cmd' \
	    lone ask -v "${args[@]}" --change --new-passphrase-cmd \
	    'sh -c "cat /proc/$PPID/environ /proc/$PPID/cmdline >seen; env >>seen; echo seen"'
	[[ -s seen ]]
	is 1 "" "" grep "$canary" seen
	give fd
	echo two >in
	cp in n
	is 0 "$(took "$canary")
$(took two)" "" lone ask "${args[@]}" --change --new-passphrase-fd 9 9<n
	install -m 600 in n
	is 0 "$(took "$canary")
$(took two)" "" lone ask "${args[@]}" --change --new-passphrase-file n
}

# --- the terminal -----------------------------------------------------------

# shows STATUS OUT ERR SCREEN: what came of it; a line feed is \r\n there.
shows() {
	local screen

	screen=$(tr -d '\r' <screen && echo .)
	[[ $status == "$1" && $(<out) == "$2" && $(<err) == "$3" &&
	    $screen == "$4." ]] ||
	    fail "$status, '$(<out)', '$(<err)', '$screen'"
}

@test "a terminal is asked once for a key that exists, without an echo" {
	on_tty ask <<-'END'
		wait passphrase:
		echo off
		type open sesame
	END
	shows 0 "$(took 'open sesame')" "" $'ask: passphrase: \n'
	on_tty ask -v --of 'the node key' <<-'END'
		wait of the node key:
		type a
	END
	shows 0 "$(took a)" "ask: passphrase from the terminal" \
	    $'ask: passphrase of the node key: \n'
	on_tty ask <<-'END'
		wait passphrase:
		type
	END
	shows 3 "" "ask: the terminal: it is empty (unfit_passphrase)" \
	    $'ask: passphrase: \n'
	on_tty ask <<-'END'
		wait passphrase:
		key 04
	END
	shows 5 "" "ask: the terminal: nothing was typed (no_passphrase)" \
	    $'ask: passphrase: \n'
}

@test "a terminal is held to the same lengths" {
	on_tty ask < <(echo wait passphrase:; echo "type $(bytes 1024)")
	shows 0 "{\"hex\":\"$(hex 1024)\"}" "" $'ask: passphrase: \n'
	on_tty ask < <(echo wait passphrase:; echo "type $(bytes 1025)")
	shows 3 "" "ask: the terminal: it is over 1024 bytes \
(unfit_passphrase)" $'ask: passphrase: \n'
	on_tty ask < <(echo wait passphrase:; echo "type $(bytes 3000)")
	shows 3 "" "ask: the terminal: it is over 1024 bytes \
(unfit_passphrase)" $'ask: passphrase: \n'
}

@test "a new passphrase is asked for twice, and has to be the same" {
	local first=$'ask: new passphrase (empty: offer one): \n'
	local again=$'the same once more: \n'

	on_tty ask --make <<-'END'
		wait offer one):
		echo off
		type one
		wait once more:
		echo off
		type one
	END
	shows 0 "$(took one)" "" "$first$again"
	on_tty ask --make <<-'END'
		wait offer one):
		type one
		wait once more:
		type two
		wait they differ
		wait offer one):
		type three
		wait once more:
		type three
	END
	shows 0 "$(took three)" "" \
	    "$first$again"$'they differ\n'"$first$again"
	on_tty ask --make < <(for _ in 1 2 3; do
		printf '%s\n' 'wait offer one):' 'type a' 'wait once more:' \
		    'type aa'
	done)
	[[ $status == 5 && $(<err) == \
	    "ask: the terminal: not twice the same (no_passphrase)" ]]
}

@test "who types nothing for a new key is offered eight words" {
	local words again

	on_tty ask --make <<-'END'
		wait offer one):
		type
		wait written down:
		wait another:
		echo off
		words
		wait once more:
		words
	END
	[[ $status == 0 ]]
	words=$(sed -n 's/^    \(.*\)\r$/\1/p' screen)
	[[ $words =~ ^([a-z]{3,6}\ ){7}[a-z]{3,6}$ ]] || fail "'$words'"
	[[ $(<out) == "$(took "$words")" ]]
	for again in $words; do
		grep -Eq "\bWORD\($again\)" "$BZN_SRC/lib/base/word.def"
	done
	on_tty ask --make <<-'END'
		wait offer one):
		type
		wait another:
		type mine
		wait once more:
		type mine
	END
	[[ $status == 0 && $(<out) == "$(took mine)" ]]
	run ! grep "$words" screen || fail "the same words again"
	on_tty ask --make <<-'END'
		wait offer one):
		type
		wait another:
		type
		wait once more:
		type
		wait they differ
		wait offer one):
		key 04
	END
	[[ $status == 5 && ! -s out ]]
}

@test "a new passphrase is asked for beside an old one" {
	forget
	echo old >in
	give env
	on_tty ask --change <<-'END'
		wait ask: new passphrase
		type fresh
		wait once more:
		type fresh
	END
	[[ $status == 0 && $(<out) == "$(took old)
$(took fresh)" ]]
}

@test "INT, TERM, HUP and QUIT at any prompt end it, with the echo on" {
	local name number

	while read -r name number; do
		on_tty ask <<-END
			wait passphrase:
			echo off
			kill $name
		END
		shows "$((128 + number))" "" "" $'ask: passphrase: \n'
		on_tty ask --make <<-END
			wait offer one):
			type
			wait another:
			kill $name
		END
		[[ $status == "$((128 + number))" && ! -s out && ! -s err ]]
		on_tty ask --make <<-END
			wait offer one):
			type a
			wait once more:
			kill $name
		END
		[[ $status == "$((128 + number))" && ! -s out && ! -s err ]]
	done <<-'END'
		INT 2
		TERM 15
		HUP 1
		QUIT 3
	END
	on_tty ask <<-'END'
		wait passphrase:
		key 61
		key 03
	END
	[[ $status == 130 ]]
}

@test "who stops it has the echo meanwhile, and is asked again" {
	on_tty ask <<-'END'
		wait passphrase:
		key 61
		key 1a
		stopped
		echo on
		continue
		wait passphrase:
		echo off
		type b
	END
	shows 0 "$(took b)" "" $'ask: passphrase: \nask: passphrase: \n'
	on_tty env --ignore-signal=INT ask <<-'END'
		wait passphrase:
		kill INT
		wait passphrase:
		type b
	END
	[[ $status == 0 && $(<out) == "$(took b)" ]]
}

@test "what is in the terminal's queue does not become a passphrase" {
	TYPED=$'typed too early\n' on_tty ask <<-'END'
		wait passphrase:
		type b
	END
	[[ $status == 0 && $(<out) == "$(took b)" ]]
}
