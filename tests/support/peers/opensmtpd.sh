# shellcheck shell=bash
# shellcheck disable=SC2154 # set by start and stop, which source this
# OpenSMTPD on opensmtpd_port, in the clear and without AUTH: the one of Debian 12 cannot sign a handshake
# with its OpenSSL, and AUTH needs TLS there. What speaks TLS in front of it is the caller's (tests/e2e/front.py).
# It offers neither PIPELINING nor CHUNKING, and throws out who does not wait for its answers; it knows the same addresses
# as Postfix, and keeps mail in the Maildirs mail/opensmtpd-NAME/.
opensmtpd_names="anna bert carla dora emil other"

opensmtpd_make() {
	peers_free_port && opensmtpd_port=$port
	local name
	mkdir -p "$root/etc/opensmtpd" "$root/var/spool/smtpd" "$root/var/lib/opensmtpd/empty" "$root/var/run"
	chmod 711 "$root/var/spool/smtpd"
	for name in $opensmtpd_names; do
		printf '%s@example.com vmail\n' "$name"
	done >"$root/etc/opensmtpd/boxes"
	cp -L /bin/sh "$root/bin/sh" # runs what delivers
	cat >"$root/etc/smtpd.conf" <<-END
		table boxes file:/etc/opensmtpd/boxes
		filter sender phase mail-from match mail-from regex { "^refused-sender@" } reject "553 5.1.8 not from here"
		filter refused phase rcpt-to match rcpt-to regex { "^refused@" } reject "550 5.1.1 no such person here"
		filter deferred phase rcpt-to match rcpt-to regex { "^deferred@" } reject "450 4.2.1 the mailbox is busy"
		filter all chain { sender, refused, deferred }
		smtp max-message-size "150M"
		listen on $peers_address port $opensmtpd_port hostname mail.example.com filter all
		action box maildir "/mail/opensmtpd-%{rcpt.user}" virtual <boxes>
		match from any for domain "example.com" action box
	END
}

opensmtpd_start() {
	peers_run opensmtpd /usr/sbin/smtpd -d -f /etc/smtpd.conf
	peers_wait_for_port "$opensmtpd_port" OpenSMTPD
}

opensmtpd_describe() {
	printf '%s=%s\n' opensmtpd_port "$opensmtpd_port"
}
