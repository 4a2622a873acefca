# shellcheck shell=bash
# shellcheck disable=SC2154 # set by start and stop, which source this
# Exim, on these ports, with AUTH, PIPELINING, CHUNKING, DSN, SMTPUTF8 and PRDR; it knows the same addresses
# as Postfix, and keeps mail in the Maildirs mail/exim-NAME/:
#   exim_port        STARTTLS
#   exim_tls_port    implicit TLS
#   exim_small_port  implicit TLS; takes 20,000 bytes, and three recipients in one transaction
# Its log, exim/mainlog, tells of each message which extensions were used.
exim_names="anna bert carla dora emil"

exim_make() {
	peers_free_port && exim_port=$port
	peers_free_port && exim_tls_port=$port
	peers_free_port && exim_small_port=$port
	local name password="\${readfile{/etc/exim4/password}{}}"
	mkdir -p "$root/etc/exim4" "$root/var/spool/exim4" "$root/var/log/exim"
	chown "$peers_exim_uid:$peers_exim_uid" "$root/var/spool/exim4" "$root/var/log/exim"
	install -m 640 -g "$peers_exim_uid" "$root/etc/tls/server.key" "$root/etc/tls/exim.key"
	install -m 640 -g "$peers_exim_uid" "$dir/password" "$root/etc/exim4/password"
	cat >"$root/etc/exim4/exim4.conf" <<-END
		primary_hostname = mail.example.com
		local_interfaces = $peers_address
		daemon_smtp_ports = $exim_port : $exim_tls_port : $exim_small_port
		tls_on_connect_ports = $exim_tls_port : $exim_small_port
		tls_advertise_hosts = *
		tls_certificate = /etc/tls/server.pem
		tls_privatekey = /etc/tls/exim.key
		auth_advertise_hosts = \${if def:tls_in_cipher {*}}
		chunking_advertise_hosts = *
		dsn_advertise_hosts = *
		smtputf8_advertise_hosts = *
		prdr_enable = true
		message_size_limit = \${if eq{\$received_port}{$exim_small_port} {20000}{150M}}
		acl_smtp_mail = acl_mail
		acl_smtp_rcpt = acl_rcpt
		acl_smtp_data = acl_data
		host_lookup =
		rfc1413_query_timeout = 0s
		smtp_accept_max = 200
		smtp_accept_queue_per_connection = 0
		keep_environment =
		never_users =
		log_file_path = /var/log/exim/%slog
		log_selector = +all
		write_rejectlog = false
		begin acl
		acl_mail:
		  deny senders = refused-sender@example.com
		       message = 553 5.1.8 not from here
		  accept
		acl_rcpt:
		  defer condition = \${if and{{eq{\$received_port}{$exim_small_port}}{>={\$recipients_count}{3}}}}
		        message = 452 4.5.3 too many recipients
		  deny recipients = refused@example.com
		       message = 550 5.1.1 no such person here
		  defer recipients = deferred@example.com
		       message = 450 4.2.1 the mailbox is busy
		  accept authenticated = *
		  accept domains = example.com
		  deny message = 550 5.7.1 not relayed by this server
		acl_data:
		  accept
		begin routers
		gone:
		  driver = redirect
		  local_parts = gone
		  allow_fail
		  data = :fail: nobody is there any more
		local:
		  driver = accept
		  domains = example.com
		  transport = box
		begin transports
		box:
		  driver = appendfile
		  maildir_format
		  directory = /mail/exim-\${lookup{\$local_part}lsearch{/etc/exim4/boxes}{\$value}{other}}
		  user = vmail
		  group = vmail
		begin authenticators
		cram:
		  driver = cram_md5
		  public_name = CRAM-MD5
		  server_secret = \${if eq{\$auth1}{$dovecot_user} {$password}fail}
		  server_set_id = \$auth1
		plain:
		  driver = plaintext
		  public_name = PLAIN
		  server_condition = \${if and{{eq{\$auth2}{$dovecot_user}}{eq{\$auth3}{$password}}}}
		  server_set_id = \$auth2
		login:
		  driver = plaintext
		  public_name = LOGIN
		  server_prompts = User Name : Password
		  server_condition = \${if and{{eq{\$auth1}{$dovecot_user}}{eq{\$auth2}{$password}}}}
		  server_set_id = \$auth1
	END
	for name in $exim_names; do
		printf '%s: %s\n' "$name" "$name"
	done >"$root/etc/exim4/boxes"
}

exim_start() {
	peers_run exim /usr/sbin/exim4 -bdf
	peers_wait_for_port "$exim_tls_port" Exim
}

exim_describe() {
	printf '%s=%s\n' exim_port "$exim_port" exim_tls_port "$exim_tls_port" exim_small_port "$exim_small_port"
}
