# shellcheck shell=bash
# shellcheck disable=SC2154 # set by start and stop, which source this
# Dovecot: the passwords for itself and for Postfix, and its submission service in front of Postfix.
#   dovecot_port      STARTTLS, AUTH, PIPELINING, CHUNKING
#   dovecot_tls_port  the same with implicit TLS
dovecot_user=relay@example.com

dovecot_make() {
	peers_free_port && dovecot_port=$port
	peers_free_port && dovecot_tls_port=$port
	mkdir -p "$root/etc/dovecot" "$root/var/lib/dovecot" "$root/run/dovecot"
	(umask 077 && head -c 18 /dev/urandom | base64 | tr '+/' '-_' | tr -d '\n' >"$dir/password")
	printf '%s:{PLAIN}%s\n' "$dovecot_user" "$(cat "$dir/password")" >"$root/etc/dovecot/users"
	chown "$peers_dovecot_uid" "$root/etc/dovecot/users"
	chmod 600 "$root/etc/dovecot/users"
	cat >"$root/etc/dovecot/dovecot.conf" <<-END
		protocols = submission
		listen = $peers_address
		base_dir = /run/dovecot
		state_dir = /var/lib/dovecot
		log_path = /var/log/dovecot.log
		hostname = mail.example.com
		default_login_user = dovenull
		default_internal_user = dovecot
		default_internal_group = dovecot
		default_vsz_limit = 0
		mail_location = maildir:/mail/dovecot
		auth_mechanisms = plain login
		auth_failure_delay = 0
		ssl = required
		ssl_cert = </etc/tls/server.pem
		ssl_key = </etc/tls/server.key
		passdb {
		  driver = passwd-file
		  args = scheme=PLAIN username_format=%u /etc/dovecot/users
		}
		userdb {
		  driver = static
		  args = uid=$peers_mail_uid gid=$peers_mail_uid home=/mail/dovecot
		}
		service auth {
		  unix_listener /var/spool/postfix/private/auth {
		    mode = 0660
		    user = postfix
		    group = postfix
		  }
		}
		service anvil {
		  unix_listener anvil-auth-penalty {
		    mode = 0
		  }
		}
		service submission-login {
		  inet_listener submission {
		    port = $dovecot_port
		  }
		  inet_listener submissions {
		    port = $dovecot_tls_port
		    ssl = yes
		  }
		}
		submission_relay_host = $peers_address
		submission_relay_port = $postfix_relay_port
		submission_max_mail_size = 150M
	END
}

dovecot_start() {
	peers_run dovecot /usr/sbin/dovecot -F -c /etc/dovecot/dovecot.conf
	peers_wait_for_port "$dovecot_tls_port" Dovecot
}

dovecot_describe() {
	printf '%s=%s\n' dovecot_port "$dovecot_port" dovecot_tls_port "$dovecot_tls_port"
}
