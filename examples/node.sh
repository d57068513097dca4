#!/bin/sh
# node.sh [OPTION...] - a node in the foreground, until a signal ends it.
#
# "make run" runs this.  The home is $BZN_HOME, or where programs look for
# one; it is made if there is none: with an identity if somebody is there to
# choose a passphrase, or $BZN_PASSPHRASE_FILE has it, and without one
# otherwise.  Options are those of bzn-serve.
set -eu
umask 077

: "${BZN_HOME:=${XDG_DATA_HOME:-$HOME/.local/share}/bzn}"
export BZN_HOME

if [ ! -e "$BZN_HOME/node.db" ]; then
	echo "Making the home $BZN_HOME."
	mkdir -p "$BZN_HOME"
	if [ -t 0 ] || [ -n "${BZN_PASSPHRASE_FILE:-}" ]; then
		[ -e "$BZN_HOME/identity/node_private.pem" ] ||
		    bzn-keygen identity >/dev/null
		bzn-ledger init >/dev/null
	else
		bzn-ledger init --no-node >/dev/null
	fi
fi

# The server says when it is ready, and where.
ready=$(mktemp -d)
mkfifo "$ready/url"
{
	read -r line || line=
	rm -rf "$ready"
	url=$(printf '%s' "$line" | sed 's/.*"url":"\([^"]*\)".*/\1/')
	[ -z "$url" ] || cat <<-END

	URL        $url
	admin key  $BZN_HOME/identity/admin_key
	dashboard  $url/v1/admin/dashboard
	           any user; the password is the admin key
	reference  $url/docs

	Try:
	  curl -sf $url/health
	  curl -sf $url/openapi.json | jq -r '.paths | keys[]'
	  curl -sf --json '{"node_id":"my-node"}' $url/v1/node/register

	END
} <"$ready/url" &

exec bzn-serve --ready-fd 4 "$@" 4>"$ready/url"
