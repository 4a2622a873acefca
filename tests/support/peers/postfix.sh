# shellcheck shell=bash
# shellcheck disable=SC2154 # set by start and stop, which source this
# Postfix, on these ports:
#   postfix_port        submission: STARTTLS, AUTH, PIPELINING, recipients refused and deferred by an access table
#   postfix_tls_port    the same with implicit TLS
#   postfix_basic_port  implicit TLS; offers nothing but SIZE, AUTH LOGIN and 8BITMIME, much like the large German providers
#   postfix_small_port  implicit TLS; takes 20,000 bytes, and three recipients in one transaction
#   postfix_relay_port  in the clear, for its own host alone (the Dovecot beside it), and the other end of a path
# With PEERS_RELAY=[HOST]:PORT it keeps no mail: all that it takes goes there, as from any relay of a provider.
# Mail to NAME@example.com lands in the Maildir mail/NAME/ for the names below, else in mail/other/. Mail to gone@example.com is
# taken, and comes back.
postfix_names="anna bert carla dora emil"

postfix_make() {
	peers_free_port && postfix_port=$port
	peers_free_port && postfix_tls_port=$port
	peers_free_port && postfix_basic_port=$port
	peers_free_port && postfix_small_port=$port
	peers_free_port && postfix_relay_port=$port
	local etc=$root/etc/postfix spool=$root/var/spool/postfix d name
	mkdir -p "$etc" "$spool" "$root/var/lib/postfix"
	for d in active bounce corrupt defer deferred flush hold incoming private saved trace; do
		mkdir -p "$spool/$d"
		chown "$peers_postfix_uid" "$spool/$d"
		chmod 700 "$spool/$d"
	done
	mkdir -p "$spool/pid" "$spool/maildrop" "$spool/public"
	chown "$peers_postfix_uid:$peers_postdrop_gid" "$spool/maildrop" "$spool/public"
	chmod 730 "$spool/maildrop"
	chmod 710 "$spool/public"
	chown "$peers_postfix_uid" "$root/var/lib/postfix"
	chmod 700 "$root/var/lib/postfix"
	for name in $postfix_names; do
		printf '%s@example.com %s/\n' "$name" "$name"
	done >"$etc/boxes"
	printf '@example.com other/\n' >>"$etc/boxes"
	printf '%s\n' 'refused@example.com 550 5.1.1 no such person here' \
		'deferred@example.com 450 4.2.1 the mailbox is busy' >"$etc/recipients"
	printf '%s\n' 'refused-sender@example.com 553 5.1.8 not from here' >"$etc/senders"
	printf 'gone@example.com smtp:[%s]:%s\n' "$peers_address" "$postfix_relay_port" >"$etc/transports" # a loop
	cat >"$etc/main.cf" <<-END
		compatibility_level = 3.6
		myhostname = mail.example.com
		mydestination =
		mynetworks = 127.0.0.0/8 $peers_networks
		inet_protocols = ipv4
		alias_maps =
		local_recipient_maps =
		default_transport = error:not relayed by this server
		virtual_mailbox_domains = example.com
		virtual_mailbox_base = /mail
		virtual_mailbox_maps = texthash:/etc/postfix/boxes
		virtual_uid_maps = static:$peers_mail_uid
		virtual_gid_maps = static:$peers_mail_uid
		virtual_mailbox_limit = 0
		transport_maps = texthash:/etc/postfix/transports
		message_size_limit = 157286400
		maillog_file = /var/log/postfix.log
		smtpd_tls_cert_file = /etc/tls/server.pem
		smtpd_tls_key_file = /etc/tls/server.key
		smtpd_tls_session_cache_database =
		smtpd_tls_auth_only = yes
		smtpd_sasl_type = dovecot
		smtpd_sasl_path = private/auth
		smtpd_sasl_security_options = noanonymous
		smtpd_sender_restrictions = check_sender_access texthash:/etc/postfix/senders
		smtpd_relay_restrictions = permit_sasl_authenticated, permit_auth_destination, reject
		smtpd_recipient_restrictions = check_recipient_access texthash:/etc/postfix/recipients, permit_sasl_authenticated, reject
		smtpd_client_connection_count_limit = 0
		smtpd_error_sleep_time = 0
	END
	[ -z "${PEERS_RELAY:-}" ] || cat >>"$etc/main.cf" <<-END
		virtual_mailbox_domains =
		default_transport = smtp
		relayhost = $PEERS_RELAY
		smtpd_relay_restrictions = permit_mynetworks, reject
		smtp_tls_security_level = may
		smtp_connection_cache_destinations = static:all
	END
	local submission="-o smtpd_sasl_auth_enable=yes -o smtpd_tls_security_level=encrypt"
	local implicit="$submission -o smtpd_tls_wrappermode=yes"
	cat >"$etc/master.cf" <<-END
		$peers_address:$postfix_port inet n - n - 50 smtpd $submission
		$peers_address:$postfix_tls_port inet n - n - 50 smtpd $implicit
		$peers_address:$postfix_basic_port inet n - n - 50 smtpd $implicit -o smtpd_sasl_mechanism_filter=login -o smtpd_discard_ehlo_keywords=pipelining,chunking,dsn,enhancedstatuscodes,smtputf8,vrfy,etrn
		$peers_address:$postfix_small_port inet n - n - 50 smtpd $implicit -o message_size_limit=20000 -o smtpd_recipient_limit=3
		$peers_address:$postfix_relay_port inet n - n - 50 smtpd -o smtpd_recipient_restrictions=check_recipient_access,texthash:/etc/postfix/recipients,permit_mynetworks,reject
		cleanup unix n - n - 0 cleanup
		qmgr unix n - n 300 1 qmgr
		tlsmgr unix - - n 1000? 1 tlsmgr
		rewrite unix - - n - - trivial-rewrite
		bounce unix - - n - 0 bounce
		defer unix - - n - 0 bounce
		trace unix - - n - 0 bounce
		verify unix - - n - 1 verify
		smtp unix - - n - - smtp
		proxymap unix - - n - - proxymap
		error unix - - n - - error
		discard unix - - n - - discard
		virtual unix - n n - - virtual
		anvil unix - - n - 1 anvil
		scache unix - - n - 1 scache
		postlog unix-dgram n - n - 1 postlogd
	END
}

postfix_start() {
	peers_run postfix /usr/lib/postfix/sbin/master -s
	peers_wait_for_port "$postfix_relay_port" Postfix
}

postfix_describe() {
	printf '%s=%s\n' postfix_port "$postfix_port" postfix_tls_port "$postfix_tls_port" \
		postfix_basic_port "$postfix_basic_port" postfix_small_port "$postfix_small_port" \
		postfix_relay_port "$postfix_relay_port"
}
