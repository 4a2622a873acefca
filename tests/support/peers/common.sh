# shellcheck shell=bash
# shellcheck disable=SC2154 # dir, root and here are set by start and stop, which source this
# What the mail servers of the tests share: their root folder, users, certificates, ports, waiting and stopping.
# Sourced by start and stop. $dir is the folder of one set of servers, $root the servers' root below it.

# Where they listen, an address of the network namespace that start runs in, and who else is there.
peers_address=${PEERS_ADDRESS:-127.0.0.1}
peers_networks=${PEERS_NETWORKS:-$peers_address}

# Users of the servers, known inside their root only.
peers_postfix_uid=61001 peers_postdrop_gid=61002 peers_dovecot_uid=61003 peers_dovenull_uid=61004 peers_mail_uid=61005
peers_exim_uid=61006 peers_smtpd_uid=61007 peers_smtpq_uid=61008

# Fails where device files cannot be made or used: in some containers, and on file systems mounted nodev.
peers_make_root() { # TREE
	mkdir -p "$dir"
	cp -al "$1" "$root" 2>/dev/null || cp -a "$1" "$root"
	mkdir -p "$root"/{dev,etc,run,tmp,var/log,mail,proc}
	chmod 1777 "$root/tmp"
	chmod 755 "$dir" "$root"
	{
		mknod -m 666 "$root/dev/null" c 1 3 && mknod -m 666 "$root/dev/zero" c 1 5 &&
			mknod -m 666 "$root/dev/random" c 1 8 && mknod -m 666 "$root/dev/urandom" c 1 9 &&
			: >"$root/dev/null"
	} 2>/dev/null || return 1
	cat >"$root/etc/passwd" <<-END
		root:x:0:0:root:/:/bin/false
		postfix:x:$peers_postfix_uid:$peers_postfix_uid::/var/spool/postfix:/bin/false
		dovecot:x:$peers_dovecot_uid:$peers_dovecot_uid::/run:/bin/false
		dovenull:x:$peers_dovenull_uid:$peers_dovenull_uid::/run:/bin/false
		vmail:x:$peers_mail_uid:$peers_mail_uid::/mail:/bin/sh
		Debian-exim:x:$peers_exim_uid:$peers_exim_uid::/var/spool/exim4:/bin/false
		opensmtpd:x:$peers_smtpd_uid:$peers_smtpd_uid::/var/lib/opensmtpd/empty:/bin/false
		opensmtpq:x:$peers_smtpq_uid:$peers_smtpq_uid::/var/lib/opensmtpd/empty:/bin/false
		nobody:x:65534:65534:nobody:/:/bin/false
	END
	cat >"$root/etc/group" <<-END
		root:x:0:
		postfix:x:$peers_postfix_uid:
		postdrop:x:$peers_postdrop_gid:
		dovecot:x:$peers_dovecot_uid:
		dovenull:x:$peers_dovenull_uid:
		vmail:x:$peers_mail_uid:
		Debian-exim:x:$peers_exim_uid:
		opensmtpd:x:$peers_smtpd_uid:
		opensmtpq:x:$peers_smtpq_uid:
		nogroup:x:65534:
	END
	printf '127.0.0.1 localhost mail.example.com\n' >"$root/etc/hosts"
	printf 'passwd: files\ngroup: files\nhosts: files\n' >"$root/etc/nsswitch.conf"
	: >"$root/etc/resolv.conf"
	: >"$root/etc/services"
	chown "$peers_mail_uid:$peers_mail_uid" "$root/mail"
}

# A CA, and a certificate for the name localhost, and for an address elsewhere: 127.0.0.1 is a wrong name for it.
peers_make_certificates() {
	local tls=$dir/tls names=DNS:localhost
	[ "$peers_address" = 127.0.0.1 ] || names=$names,IP:$peers_address
	mkdir -p "$tls" "$root/etc/tls"
	{
		openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj '/CN=Throw-away CA' \
			-addext 'basicConstraints=critical,CA:TRUE' -addext 'keyUsage=critical,keyCertSign' \
			-keyout "$tls/ca.key" -out "$tls/ca.pem"
		openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj '/CN=localhost' \
			-keyout "$tls/server.key" -out "$tls/server.csr"
		printf 'subjectAltName=%s\nextendedKeyUsage=serverAuth\nbasicConstraints=CA:FALSE\n' "$names" >"$tls/ext"
		openssl x509 -req -in "$tls/server.csr" -CA "$tls/ca.pem" -CAkey "$tls/ca.key" -CAcreateserial -days 2 \
			-extfile "$tls/ext" -out "$tls/server.pem"
	} >/dev/null 2>&1
	cp "$tls/server.pem" "$tls/server.key" "$root/etc/tls/"
	chmod 600 "$root/etc/tls/server.key"
	rm -f "$tls/ca.key" "$tls/server.key" "$tls/server.csr" "$tls/ext"
}

# Whoever starts servers holds this until they listen, so that two do not choose the same ports. No server inherits it.
peers_lock() {
	exec 8>>"${TMPDIR:-/tmp}/pagepost-peers.lock"
	flock 8
}

peers_unlock() {
	exec 8>&-
}

# A port of $peers_address that nobody listens on, and that was not given out before.
peers_taken=" "
peers_free_port() { # sets $port
	while :; do
		port=$((20000 + RANDOM % 12000))
		case $peers_taken in *" $port "*) continue ;; esac
		(exec 3<>"/dev/tcp/$peers_address/$port") 2>/dev/null && continue
		peers_taken="$peers_taken$port "
		return
	done
}

peers_wait_for_port() { # PORT WHAT
	local _
	for _ in {1..150}; do
		(exec 3<>"/dev/tcp/$peers_address/$1") 2>/dev/null && return 0
		sleep 0.1
	done
	echo "peers: $2 does not listen on port $1" >&2
	tail -n 20 "$root"/var/log/* >&2 || true
	return 1
}

# Runs a server in its root, in a session of its own, and keeps its process id.
peers_run() { # NAME COMMAND...
	local name=$1
	shift
	# shellcheck disable=SC2016 # expanded by the inner shell
	setsid --fork sh -c 'echo $$ >"$1"; shift; exec "$@"' sh "$dir/$name.pid" chroot "$root" "$@" \
		>"$dir/$name.out" 2>&1 </dev/null 8>&-
}

# So that servers do not outlive a test that was killed.
peers_watch() { # SECONDS
	# shellcheck disable=SC2016 # expanded by the inner shell
	setsid --fork sh -c 'echo $$ >"$1/watchdog"; sleep "$2"; exec "$3" "$1"' sh "$dir" "$1" "$here/stop" \
		>/dev/null 2>&1 </dev/null 8>&-
}

peers_unwatch() {
	local pid
	pid=$(cat "$dir/watchdog" 2>/dev/null) || return 0
	if [ "$pid" != $$ ] && tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -qF "$dir"; then
		kill -TERM -- "-$pid" 2>/dev/null || true
	fi
}

# Every process whose root is ours, as /proc/PID.
peers_left() {
	find /proc/[0-9]*/root -maxdepth 0 -lname "$root" -printf '%h\n' 2>/dev/null
}

# The masters first, so that they start no other. Nothing of theirs is worth keeping.
peers_stop() {
	local proc left _
	for _ in {1..20}; do
		left=$(peers_left)
		[ -n "$left" ] || return 0
		for proc in $(cat "$dir"/*.pid 2>/dev/null | sed 's|^|/proc/|') $left; do
			case $'\n'$left$'\n' in *$'\n'$proc$'\n'*) kill -KILL "${proc#/proc/}" 2>/dev/null || true ;; esac
		done
		sleep 0.05
	done
	echo "peers: some server below $dir does not end" >&2
	return 1
}
