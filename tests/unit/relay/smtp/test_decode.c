#include "relay/smtp/decode.h"

#include "relay/smtp/verdict.h"
#include "tests/support/check_main.h"

/* What a server says on the wire, the last line without its end, and what is made of it. */
struct row {
	enum smtp_provider provider;
	enum smtp_phase phase;
	const char *said;
	const char *cause;
	enum outcome outcome; /* at AUTH and before: of a 4yz or 5yz */
};

#define NOBODY PROVIDER_UNKNOWN
#define IONOS  PROVIDER_IONOS
#define MS     PROVIDER_MICROSOFT
#define GOOGLE PROVIDER_GOOGLE
#define SES    PROVIDER_SES
#define LATER  OUTCOME_DEFERRED
#define NO     OUTCOME_REFUSED

static const struct row by_password[] = {
	/* IONOS, GMX, WEB.DE */
	{IONOS, PHASE_RCPT,
	 "450-Requested mail action not taken: mailbox unavailable\r\n450 Mail send limit "
	 "exceeded.",
	 "ionos-send-limit", LATER},
	{IONOS, PHASE_MAIL,
	 "450-Requested mail action not taken: mailbox unavailable\r\n450-For explanation visit "
	 "https://postmaster.ionos.example/limits\r\n450 Mail send limit exceeded.",
	 "ionos-send-limit", LATER},
	{IONOS, PHASE_FINAL, "550-Requested action not taken\r\n550 Mail send limit exceeded.",
	 "ionos-send-limit", LATER},
	{IONOS, PHASE_AUTH, "535 Authentication credentials invalid", "credentials-refused", NO},
	{IONOS, PHASE_MAIL, "550 Requested action not taken: you must authenticate before sending",
	 "login-required", NO},
	{IONOS, PHASE_RCPT, "550 Requested action not taken: mailbox unavailable",
	 "unknown-recipient", NO},
	{IONOS, PHASE_RCPT, "552 Requested mail action aborted: exceeded storage allocation",
	 "mailbox-full", NO},
	{IONOS, PHASE_RCPT,
	 "550-Requested action not taken: mailbox unavailable\r\n550 Sender address is not "
	 "allowed.",
	 "sender-not-allowed", NO},
	{IONOS, PHASE_FINAL,
	 "554-Transaction failed\r\n554-Reject due to policy restrictions.\r\n554 For explanation "
	 "visit https://postmaster.1und1.de/en/error",
	 "ionos-policy", NO},
	{NOBODY, PHASE_FINAL,
	 "554-Transaction failed\r\n554-Reject due to policy violation.\r\n554 For explanation "
	 "visit https://postmaster.gmx.net/en/error",
	 "ionos-policy", NO},
	{IONOS, PHASE_GREETING,
	 "554 kundenserver.de (mxeue002) Nemesis ESMTP Service not available: IP address is black "
	 "listed",
	 "address-blocklisted", NO},
	{IONOS, PHASE_GREETING, "421 Rate limit exceeded, try later", "sending-limit", LATER},
	{IONOS, PHASE_EHLO, "421 The HELO name changed too often", "ehlo-name-refused", LATER},
	{IONOS, PHASE_FINAL, "451 Requested action aborted: local error in processing",
	 "server-trouble", LATER},
	{IONOS, PHASE_RCPT,
	 "550 Requested action not taken: invalid DNS MX or A/AAAA resource record",
	 "unknown-domain", NO},

	/* Microsoft 365 */
	{MS, PHASE_AUTH,
	 "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the "
	 "Tenant. Visit https://aka.ms/smtp_auth_disabled for more information. "
	 "[FR0P281CA0001.DEUP281.PROD.OUTLOOK.COM]",
	 "microsoft-smtp-auth-off-tenant", NO},
	{MS, PHASE_AUTH,
	 "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the "
	 "Mailbox. [X.PROD.OUTLOOK.COM]",
	 "microsoft-smtp-auth-off-mailbox", NO},
	{MS, PHASE_AUTH,
	 "535 5.7.139 Authentication unsuccessful, user is locked by your organization's security "
	 "defaults policy. Contact your administrator.",
	 "microsoft-security-defaults", NO},
	{MS, PHASE_AUTH,
	 "535 5.7.139 Authentication unsuccessful, basic authentication is disabled.",
	 "microsoft-password-login-off", NO},
	{MS, PHASE_AUTH,
	 "535 5.7.139 Authentication unsuccessful, the request did not meet the criteria to be "
	 "authenticated successfully. Contact your administrator.",
	 "microsoft-conditional-access", NO},
	{MS, PHASE_AUTH,
	 "535 5.7.139 Authentication unsuccessful, the user credentials were incorrect.",
	 "microsoft-credentials-refused", NO},
	{MS, PHASE_AUTH, "535 5.7.139 Authentication unsuccessful, user password has expired.",
	 "password-expired", NO},
	{MS, PHASE_AUTH, "535 5.7.139 Authentication unsuccessful, the user account is locked.",
	 "account-locked", NO},
	{MS, PHASE_AUTH,
	 "535 5.7.3 Authentication unsuccessful [FR0P281CA0001.DEUP281.PROD.OUTLOOK.COM]",
	 "microsoft-credentials-refused", NO},
	{NOBODY, PHASE_AUTH,
	 "535 5.7.3 Authentication unsuccessful [FR0P281CA0001.DEUP281.PROD.OUTLOOK.COM]",
	 "microsoft-credentials-refused", NO},
	{MS, PHASE_AUTH, "550 5.7.30 Basic authentication is not supported for Client Submission.",
	 "microsoft-password-login-off", NO},
	{MS, PHASE_MAIL, "550 5.7.30 Client not supported", "microsoft-password-login-off", NO},
	{MS, PHASE_AUTH,
	 "432 4.3.2 Concurrent connections limit exceeded. Visit https://aka.ms/concurrent_sending",
	 "microsoft-concurrency", LATER},
	{MS, PHASE_FINAL, "432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded",
	 "microsoft-concurrency", LATER},
	{MS, PHASE_MAIL, "530 5.7.57 Client not authenticated to send mail. [X.PROD.OUTLOOK.COM]",
	 "microsoft-not-logged-in", NO},
	{MS, PHASE_MAIL,
	 "530 5.7.57 SMTP; Client was not authenticated to send anonymous mail during MAIL FROM",
	 "microsoft-not-logged-in", NO},
	{MS, PHASE_FINAL,
	 "550 5.7.60 SMTP; Client does not have permissions to send as this sender",
	 "microsoft-send-as-denied", NO},
	{MS, PHASE_FINAL,
	 "554 5.2.0 STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied; "
	 "Failed to process message",
	 "microsoft-send-as-denied", NO},
	{NOBODY, PHASE_FINAL,
	 "554 5.2.252 SendAsDenied; a@example.com not allowed to send as b@example.com; "
	 "STOREDRV.Submission.Exception",
	 "microsoft-send-as-denied", NO},
	{MS, PHASE_FINAL,
	 "554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException; Failed to "
	 "process message",
	 "microsoft-recipient-limit", LATER},
	{MS, PHASE_RCPT,
	 "550 5.1.90 Your message can't be sent because you've reached your daily limit for "
	 "message recipients",
	 "microsoft-recipient-limit", LATER},
	{MS, PHASE_FINAL,
	 "554 5.2.2 mailbox full; STOREDRV.Submission.Exception:QuotaExceededException",
	 "microsoft-sender-mailbox-full", NO},
	{MS, PHASE_RCPT, "552 5.2.2 mailbox full", "mailbox-full", NO},
	{MS, PHASE_FINAL, "550 5.1.8 Access denied, bad outbound sender AS(42004)",
	 "microsoft-sender-blocked", NO},
	{MS, PHASE_FINAL,
	 "554 5.2.0 STOREDRV.Submission.Exception:OutboundSpamException; Failed to process message",
	 "microsoft-sender-blocked", NO},
	{MS, PHASE_RCPT, "550 5.7.501 Service unavailable. Spam abuse detected from IP range.",
	 "microsoft-sender-blocked", NO},
	{MS, PHASE_RCPT, "550 5.7.502 Access denied, banned sender", "microsoft-sender-blocked",
	 NO},
	{MS, PHASE_RCPT, "550 5.7.511 Access denied, banned sender [192.0.2.1]",
	 "microsoft-sender-blocked", NO},
	{MS, PHASE_RCPT, "550 5.7.507 Access denied, rejected by recipient", "recipient-restricted",
	 NO},
	{MS, PHASE_FINAL,
	 "550 5.7.509 Access denied, sending domain example.com does not pass DMARC verification",
	 "dmarc-failed", NO},
	{MS, PHASE_FINAL,
	 "550 5.7.23 The message was rejected because of Sender Policy Framework violation",
	 "spf-failed", NO},
	{MS, PHASE_FINAL,
	 "550 5.7.512 Access denied, message must be RFC 5322 section 3.6.2 compliant",
	 "from-header-refused", NO},
	{MS, PHASE_FINAL,
	 "550 5.7.515 Access denied, sending domain does not meet the required authentication "
	 "level",
	 "sender-not-authenticated", NO},
	{MS, PHASE_RCPT, "550 5.7.606 Access denied, banned sending IP [192.0.2.1]",
	 "address-blocklisted", NO},
	{MS, PHASE_FINAL, "550 5.7.705 Access denied, tenant has exceeded threshold",
	 "microsoft-tenant-blocked", NO},
	{MS, PHASE_FINAL, "550 5.7.708 Access denied, traffic not accepted from this IP",
	 "microsoft-tenant-blocked", NO},
	{MS, PHASE_FINAL,
	 "550 5.6.11 SMTPSEND.BareLinefeedsAreIllegal; message contains bare linefeeds",
	 "bare-line-feed", NO},
	{MS, PHASE_RCPT, "452 4.5.3 Too many recipients from the same domain (AS780090)",
	 "microsoft-domain-recipients", LATER},
	{MS, PHASE_RCPT, "452 4.5.3 Too many recipients", "too-many-recipients", LATER},
	{MS, PHASE_RCPT,
	 "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup",
	 "unknown-recipient", NO},
	{MS, PHASE_RCPT,
	 "550 5.4.1 Recipient address rejected: Access denied. [X.mail.protection.outlook.com]",
	 "unknown-recipient", NO},
	{MS, PHASE_RCPT,
	 "451 4.7.500 Server busy. Please try again later from [192.0.2.1]. (AS76301)",
	 "microsoft-temporary-block", LATER},
	{MS, PHASE_MAIL,
	 "451 4.7.650 The mail server has been temporarily rate limited due to IP reputation",
	 "microsoft-temporary-block", LATER},
	{MS, PHASE_MAIL, "451 4.7.699 Try again later", "microsoft-temporary-block", LATER},
	{MS, PHASE_MAIL,
	 "421 4.4.2 Message submission rate for this client has exceeded the configured limit",
	 "microsoft-message-rate", LATER},
	{MS, PHASE_RCPT,
	 "550 5.7.64 TenantAttribution; Relay Access Denied [X.protection.outlook.com]",
	 "microsoft-connector-refused", NO},
	{MS, PHASE_RCPT,
	 "550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required",
	 "recipient-restricted", NO},
	{MS, PHASE_FINAL, "430 4.2.0 STOREDRV; mailbox logon failure; account disabled",
	 "microsoft-mailbox-logon", LATER},

	/* Google */
	{GOOGLE, PHASE_AUTH,
	 "534-5.7.9 Application-specific password required. For more information, go to\r\n534 "
	 "5.7.9 https://support.google.com/mail/?p=InvalidSecondFactor a-1 - gsmtp",
	 "google-app-password-required", NO},
	{GOOGLE, PHASE_AUTH,
	 "534-5.7.14 <https://accounts.google.com/signin/continue> Please log in via your\r\n534 "
	 "5.7.14 web browser and then try again. a-1 - gsmtp",
	 "google-web-login-required", NO},
	{GOOGLE, PHASE_AUTH,
	 "535-5.7.8 Username and Password not accepted. For more information, go to\r\n535 5.7.8 "
	 "https://support.google.com/mail/?p=BadCredentials a-1 - gsmtp",
	 "google-credentials-refused", NO},
	{GOOGLE, PHASE_AUTH,
	 "454 4.7.0 Cannot authenticate due to a temporary system problem. Try again later. a-1 - "
	 "gsmtp",
	 "login-temporarily-failed", LATER},
	{GOOGLE, PHASE_MAIL,
	 "530-5.7.0 Authentication Required. For more information, go to\r\n530 5.7.0 "
	 "https://support.google.com/accounts/ a-1 - gsmtp",
	 "login-required", NO},
	{GOOGLE, PHASE_MAIL, "530 5.7.0 Must issue a STARTTLS command first. a-1 - gsmtp",
	 "tls-required", NO},
	{GOOGLE, PHASE_MAIL,
	 "421 4.7.0 TLS required for RCPT domain, closing connection. a-1 - gsmtp", "tls-required",
	 LATER},
	{GOOGLE, PHASE_MAIL, "421 4.7.0 Try again later, closing connection. a-1 - gsmtp",
	 "server-not-available", LATER},
	{GOOGLE, PHASE_FINAL,
	 "421-4.7.0 Our system has detected an unusual rate of unsolicited mail originating from "
	 "your\r\n421 4.7.0 IP address. a-1 - gsmtp",
	 "google-unusual-rate", LATER},
	{GOOGLE, PHASE_RCPT, "450 4.2.1 Peak SMTP relay limit exceeded for customer. a-1 - gsmtp",
	 "google-relay-limit", LATER},
	{GOOGLE, PHASE_RCPT,
	 "450 4.2.1 The user you are trying to contact is receiving mail too quickly. a-1 - gsmtp",
	 "recipient-throttled", LATER},
	{GOOGLE, PHASE_RCPT, "452 4.5.3 Your message has too many recipients. a-1 - gsmtp",
	 "too-many-recipients", LATER},
	{GOOGLE, PHASE_RCPT, "452 4.2.2 The recipient's inbox is out of storage space. a-1 - gsmtp",
	 "mailbox-full", LATER},
	{GOOGLE, PHASE_RCPT, "550 5.4.5 Daily user sending limit exceeded. a-1 - gsmtp",
	 "google-daily-limit", LATER},
	{GOOGLE, PHASE_RCPT,
	 "550 5.4.5 Daily SMTP relay sending limit exceeded for customer. a-1 - gsmtp",
	 "google-daily-limit", LATER},
	{GOOGLE, PHASE_MAIL, "550 5.7.0 Mail relay denied [192.0.2.1]. a-1 - gsmtp",
	 "google-relay-not-allowed", NO},
	{GOOGLE, PHASE_FINAL,
	 "552 5.2.3 Your message exceeded Google's message size limits. a-1 - gsmtp",
	 "message-too-large", NO},
	{GOOGLE, PHASE_FINAL,
	 "552 5.7.0 This message was blocked because its content presents a potential security "
	 "issue. a-1 - gsmtp",
	 "attachment-type-refused", NO},
	{GOOGLE, PHASE_FINAL,
	 "550 5.7.26 This mail has been blocked because the sender is unauthenticated. a-1 - gsmtp",
	 "sender-not-authenticated", NO},
	{NOBODY, PHASE_FINAL,
	 "550 5.7.26 Unauthenticated email from example.com is not accepted. a-1 - gsmtp",
	 "sender-not-authenticated", NO},
	{GOOGLE, PHASE_RCPT,
	 "550 5.1.1 The email account that you tried to reach does not exist. a-1 - gsmtp",
	 "unknown-recipient", NO},

	/* Amazon SES */
	{SES, PHASE_GREETING, "421 Too many concurrent SMTP connections", "too-many-connections",
	 LATER},
	{SES, PHASE_FINAL, "451 Temporary service failure", "server-trouble", LATER},
	{SES, PHASE_FINAL, "454 Throttling failure: Maximum sending rate exceeded.",
	 "ses-sending-rate", LATER},
	{SES, PHASE_FINAL, "454 Throttling failure: Daily message quota exceeded.",
	 "ses-daily-quota", LATER},
	{SES, PHASE_AUTH, "454 Temporary authentication failure", "login-temporarily-failed",
	 LATER},
	{SES, PHASE_MAIL, "530 Authentication required", "login-required", NO},
	{SES, PHASE_MAIL, "530 Must issue a STARTTLS command first", "tls-required", NO},
	{SES, PHASE_AUTH, "535 Authentication Credentials Invalid", "ses-credentials-refused", NO},
	{SES, PHASE_FINAL, "552 Message is too long.", "message-too-large", NO},
	{SES, PHASE_RCPT, "553 Malformed address", "address-malformed", NO},
	{SES, PHASE_FINAL,
	 "554 Message rejected: Email address is not verified. The following identities failed the "
	 "check in region EU-WEST-1: a@example.com",
	 "ses-identity-not-verified", NO},
	{SES, PHASE_FINAL,
	 "554 Access denied: User `arn:aws:iam::1:user/x' is not authorized to perform "
	 "`ses:SendRawEmail' on resource",
	 "ses-access-denied", NO},
	{SES, PHASE_FINAL, "554 Message rejected: Sending paused for this account.",
	 "ses-sending-paused", NO},

	/* Postfix */
	{NOBODY, PHASE_RCPT, "554 5.7.1 <a@example.com>: Relay access denied", "relay-denied", NO},
	{NOBODY, PHASE_RCPT, "454 4.7.1 <a@example.com>: Relay access denied", "relay-denied",
	 LATER},
	{NOBODY, PHASE_RCPT,
	 "450 4.2.0 <a@example.com>: Recipient address rejected: Greylisted, see "
	 "http://postgrey.example",
	 "greylisted", LATER},
	{NOBODY, PHASE_RCPT,
	 "550 5.1.1 <a@example.com>: Recipient address rejected: User unknown in virtual mailbox "
	 "table",
	 "unknown-recipient", NO},
	{NOBODY, PHASE_RCPT,
	 "553 5.7.1 <a@example.com>: Sender address rejected: not owned by user b@example.com",
	 "sender-not-allowed", NO},
	{NOBODY, PHASE_RCPT, "450 4.1.8 <a@x.example>: Sender address rejected: Domain not found",
	 "sender-domain-unknown", LATER},
	{NOBODY, PHASE_RCPT, "554 5.7.1 <a@x.example>: Sender address rejected: Access denied",
	 "sender-refused", NO},
	{NOBODY, PHASE_RCPT, "504 5.5.2 <x>: Helo command rejected: need fully-qualified hostname",
	 "ehlo-name-refused", NO},
	{NOBODY, PHASE_MAIL, "530 5.7.0 Must issue a STARTTLS command first", "tls-required", NO},
	{NOBODY, PHASE_MAIL, "552 5.3.4 Message size exceeds fixed limit", "message-too-large", NO},
	{NOBODY, PHASE_FINAL, "552 5.3.4 Error: message file too big", "message-too-large", NO},
	{NOBODY, PHASE_FINAL, "451 4.3.0 Error: queue file write error", "server-out-of-storage",
	 LATER},
	{NOBODY, PHASE_MAIL, "452 4.3.1 Insufficient system storage", "server-out-of-storage",
	 LATER},
	{NOBODY, PHASE_RCPT, "452 4.5.3 Error: too many recipients", "too-many-recipients", LATER},
	{NOBODY, PHASE_AUTH, "535 5.7.8 Error: authentication failed: UGFzc3dvcmQ6",
	 "credentials-refused", NO},
	{NOBODY, PHASE_AUTH,
	 "454 4.7.0 Temporary authentication failure: Connection lost to authentication server",
	 "login-temporarily-failed", LATER},
	{NOBODY, PHASE_GREETING,
	 "421 4.7.0 mx.example.com Error: too many connections from 192.0.2.1",
	 "too-many-connections", LATER},
	{NOBODY, PHASE_MAIL, "421 4.4.2 mx.example.com Error: timeout exceeded",
	 "session-timed-out", LATER},
	{NOBODY, PHASE_STARTTLS, "454 4.7.0 TLS not available due to local problem",
	 "tls-unavailable", LATER},
	{NOBODY, PHASE_FINAL, "521 5.5.2 mx.example.com Error: bare <LF> received",
	 "bare-line-feed", NO},
	{NOBODY, PHASE_FINAL, "550 5.7.1 Message content rejected: virus found", "virus-found", NO},
	{NOBODY, PHASE_RCPT,
	 "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using "
	 "zen.spamhaus.example",
	 "address-blocklisted", NO},
	{NOBODY, PHASE_MAIL, "450 4.7.1 Error: too much mail from 192.0.2.1", "sending-limit",
	 LATER},
	{NOBODY, PHASE_RCPT, "553 5.6.7 Must declare SMTPUTF8 to send to unicode address",
	 "utf8-addresses-not-taken", NO},

	/* Exim */
	{NOBODY, PHASE_RCPT, "550 relay not permitted", "relay-denied", NO},
	{NOBODY, PHASE_RCPT, "550 Unrouteable address", "unknown-domain", NO},
	{NOBODY, PHASE_RCPT, "550 Sender verify failed", "sender-domain-unknown", NO},
	{NOBODY, PHASE_AUTH, "535 Incorrect authentication data", "credentials-refused", NO},
	{NOBODY, PHASE_AUTH, "435 Unable to authenticate at present", "login-temporarily-failed",
	 LATER},
	{NOBODY, PHASE_MAIL, "552 Message size exceeds maximum permitted", "message-too-large", NO},
	{NOBODY, PHASE_RCPT, "451 Temporary local problem - please try later", "server-trouble",
	 LATER},
	{NOBODY, PHASE_GREETING,
	 "421 mx.example.com: Too many concurrent SMTP connections; please try again later.",
	 "too-many-connections", LATER},
	{NOBODY, PHASE_FINAL, "550 This message contains malware", "virus-found", NO},

	/* Dovecot and its kin */
	{NOBODY, PHASE_RCPT, "552 5.2.2 <a@example.com> Quota exceeded (mailbox for user is full)",
	 "mailbox-full", NO},
	{NOBODY, PHASE_RCPT, "550 5.1.1 <a@example.com> User doesn't exist: a@example.com",
	 "unknown-recipient", NO},
	{NOBODY, PHASE_AUTH, "535 5.7.8 Authentication failed.", "credentials-refused", NO},
	{NOBODY, PHASE_MAIL, "530 5.7.0 TLS required.", "tls-required", NO},
	{NOBODY, PHASE_MAIL, "530 5.7.0 Authentication required.", "login-required", NO},
	{NOBODY, PHASE_AUTH, "432 4.7.12 A password transition is needed",
	 "login-temporarily-failed", LATER},

	/* The registry's numbers, whatever the words */
	{NOBODY, PHASE_RCPT, "550 5.1.2 no", "unknown-domain", NO},
	{NOBODY, PHASE_RCPT, "553 5.1.3 no", "address-malformed", NO},
	{NOBODY, PHASE_RCPT, "550 5.1.6 no", "recipient-moved", NO},
	{NOBODY, PHASE_RCPT, "556 5.1.10 no", "unknown-domain", NO},
	{NOBODY, PHASE_RCPT, "550 5.2.1 no", "mailbox-disabled", NO},
	{NOBODY, PHASE_RCPT, "452 4.2.2 no", "mailbox-full", LATER},
	{NOBODY, PHASE_RCPT, "554 5.4.6 no", "mail-loop", NO},
	{NOBODY, PHASE_RCPT, "451 4.4.1 no", "recipient-server-unreachable", LATER},
	{NOBODY, PHASE_RCPT, "550 5.7.2 no", "recipient-restricted", NO},
	{NOBODY, PHASE_FINAL, "550 5.7.20 no", "dkim-failed", NO},
	{NOBODY, PHASE_FINAL, "550 5.7.25 no", "no-reverse-dns", NO},
	{NOBODY, PHASE_FINAL, "550 5.7.26 no", "sender-not-authenticated", NO},
	{NOBODY, PHASE_FINAL, "550 5.7.28 no", "sending-limit", LATER},
	{NOBODY, PHASE_RCPT, "550 5.7.30 REQUIRETLS support required", "encryption-not-possible",
	 NO},
	{NOBODY, PHASE_FINAL, "550 5.6.0 no", "message-malformed", NO},
	{NOBODY, PHASE_AUTH, "534 5.7.9 no", "stronger-login-required", NO},
	{NOBODY, PHASE_AUTH, "504 5.5.4 no", "login-not-offered", NO},
	{NOBODY, PHASE_AUTH, "538 5.7.11 no", "tls-required", NO},
	{NOBODY, PHASE_AUTH, "525 5.7.13 no", "account-disabled", NO},

	/* Nothing is known: the class, and where it was said */
	{NOBODY, PHASE_GREETING, "554 no", "connection-refused", NO},
	{NOBODY, PHASE_GREETING, "421 no", "server-not-available", LATER},
	{NOBODY, PHASE_GREETING, "550 no", "session-refused", NO},
	{NOBODY, PHASE_EHLO, "501 5.5.4 no", "ehlo-name-refused", NO},
	{NOBODY, PHASE_AUTH, "599 no", "credentials-refused", NO},
	{NOBODY, PHASE_MAIL, "550 no", "sender-refused", NO},
	{NOBODY, PHASE_MAIL, "450 no", "temporary-refusal", LATER},
	{NOBODY, PHASE_RCPT, "550 no", "recipient-refused", NO},
	{NOBODY, PHASE_RCPT, "450 no", "temporary-refusal", LATER},
	{NOBODY, PHASE_RCPT, "550", "recipient-refused", NO},
	{NOBODY, PHASE_RCPT, "550 5.7.1 no", "policy-refusal", NO},
	{NOBODY, PHASE_RCPT, "550 5.9999.1 no", "recipient-refused", NO},
	{NOBODY, PHASE_RCPT, "550 5.999.999 no", "recipient-refused", NO},
	{NOBODY, PHASE_DATA, "554 no", "content-refused", NO},
	{NOBODY, PHASE_FINAL, "554 no", "content-refused", NO},
	{NOBODY, PHASE_FINAL, "552 no", "message-too-large", NO},
	{NOBODY, PHASE_MAIL, "501 no", "command-not-understood", NO},
	{NOBODY, PHASE_MAIL, "503 no", "command-not-understood", NO},
	/* One provider's words are not believed of another */
	{NOBODY, PHASE_RCPT, "450 4.7.650 no", "temporary-refusal", LATER},
	{NOBODY, PHASE_RCPT, "550 5.4.5 no", "recipient-refused", NO},
	{SES, PHASE_RCPT, "550 5.7.501 no", "policy-refusal", NO},
};

static const struct row by_token[] = {
	{MS, PHASE_AUTH,
	 "535 5.7.3 Authentication unsuccessful [FR0P281CA0001.DEUP281.PROD.OUTLOOK.COM]",
	 "microsoft-service-principal", NO},
	{MS, PHASE_AUTH,
	 "535 5.7.139 Authentication unsuccessful, the user credentials were incorrect.",
	 "microsoft-service-principal", NO},
	{MS, PHASE_AUTH,
	 "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the "
	 "Tenant.",
	 "microsoft-smtp-auth-off-tenant", NO},
	{MS, PHASE_AUTH,
	 "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the "
	 "Mailbox.",
	 "microsoft-smtp-auth-off-mailbox", NO},
	{MS, PHASE_AUTH, "535 5.7.3 Authentication unsuccessful, mailbox not found",
	 "microsoft-mailbox-not-found", NO},
	{MS, PHASE_AUTH, "535 5.7.139 Authentication unsuccessful, something new", "token-refused",
	 NO},
	{GOOGLE, PHASE_AUTH,
	 "535-5.7.8 Username and Password not accepted. For more information, go to\r\n535 5.7.8 "
	 "https://support.google.com/ a-1 - gsmtp",
	 "google-token-refused", NO},
	{NOBODY, PHASE_AUTH, "535 5.7.8 Authentication failed", "token-refused", NO},
	{NOBODY, PHASE_AUTH, "454 4.7.0 Try later", "login-temporarily-failed", LATER},
	{NOBODY, PHASE_MAIL, "550 no", "sender-refused", NO},
};

/* What came in on the wire, read by the reply parser. */
static const struct smtp_reply *read_reply(struct smtp_reply_parser *p, const char *said)
{
	struct slice text = slice_of_text(said);
	struct slice end = SLICE_LIT("\r\n");
	enum smtp_reply_step step = SMTP_REPLY_MORE;
	smtp_reply_init(p);
	while (text.len > 0) {
		ck_assert_int_eq(smtp_reply_feed(p, &text, &step), FAULT_NONE);
	}
	ck_assert_int_eq(smtp_reply_feed(p, &end, &step), FAULT_NONE);
	ck_assert_int_eq(step, SMTP_REPLY_DONE);
	return smtp_reply_view(p);
}

static void check_row(const struct row *row, bool token)
{
	static struct smtp_reply_parser parser;
	const struct smtp_scene scene = {.provider = row->provider, .by_token = token};
	const struct smtp_reply *r = read_reply(&parser, row->said);
	struct smtp_decoded d = smtp_decode(&scene, row->phase, r);
	ck_assert_msg(slice_eq(d.cause->code, slice_of_text(row->cause)), "%s: %.*s", row->said,
		      (int)d.cause->code.len, d.cause->code.ptr);
	enum outcome o = d.may_work_later ? OUTCOME_DEFERRED : smtp_verdict_outcome(r);
	ck_assert_msg(o == row->outcome, "%s", row->said);
}

START_TEST(decodes)
{
	check_row(&by_password[_i], false);
}
END_TEST

START_TEST(decodes_by_token)
{
	check_row(&by_token[_i], true);
}
END_TEST

/* Whatever a server says, wherever: there is a cause, and it is one that can be meant. */
START_TEST(leaves_nobody_without_a_cause)
{
	struct smtp_reply r = {.code = 400 + _i};
	for (enum smtp_provider p = PROVIDER_UNKNOWN; p < PROVIDER_COUNT; p++) {
		for (enum smtp_phase phase = PHASE_GREETING; phase <= PHASE_FINAL; phase++) {
			const struct smtp_scene scene = {.provider = p};
			struct smtp_decoded d = smtp_decode(&scene, phase, &r);
			ck_assert_uint_gt(d.cause->code.len, 0);
			ck_assert(r.code >= 500 || !d.may_work_later);
		}
	}
}
END_TEST

/* Programs look for codes: small letters, digits and hyphens, each once. */
START_TEST(codes_are_words)
{
	struct slice code = smtp_cause_named((enum smtp_cause_name)_i)->code;
	ck_assert_uint_gt(code.len, 0);
	for (size_t i = 0; i < code.len; i++) {
		char c = code.ptr[i];
		ck_assert_msg((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-', "%.*s",
			      (int)code.len, code.ptr);
	}
	for (int other = 0; other < _i; other++) {
		ck_assert(!slice_eq(code, smtp_cause_named((enum smtp_cause_name)other)->code));
	}
}
END_TEST

static bool is_sentence(struct slice s)
{
	return s.len > 12 && slice_ends(s, SLICE_LIT(".")) && s.ptr[0] >= 'A' && s.ptr[0] <= 'Z';
}

START_TEST(says_sentences)
{
	const struct smtp_cause *c = smtp_cause_named((enum smtp_cause_name)_i);
	ck_assert_msg(is_sentence(c->detail) && is_sentence(c->remedy), "%.*s", (int)c->code.len,
		      c->code.ptr);
	/* Who slows down must know for how long. */
	ck_assert(c->kind != CAUSE_THROTTLE || c->retry_s > 0);
	ck_assert_uint_le(c->retry_s, 24 * 60 * 60);
}
END_TEST

static const struct {
	enum fault fault;
	const char *cause;
} faults[] = {
	{FAULT_UPSTREAM_NAME, "server-name-unknown"},
	{FAULT_UPSTREAM_DOWN, "server-unreachable"},
	{FAULT_UPSTREAM_BLOCKED, "server-unreachable"}, /* nobody can tell it from DOWN */
	{FAULT_UPSTREAM_LOST, "connection-lost"},
	{FAULT_UPSTREAM_TLS, "tls-failed"},
	{FAULT_UPSTREAM_CERT, "certificate-not-trusted"},
	{FAULT_UPSTREAM_NO_TLS, "starttls-not-offered"},
	{FAULT_UPSTREAM_AUTH, "credentials-refused"},
	{FAULT_UPSTREAM_NO_AUTH, "login-not-offered"},
	{FAULT_UPSTREAM_PROTOCOL, "not-smtp"},
	{FAULT_UPSTREAM_REFUSED, "session-refused"},
	{FAULT_UPSTREAM_SIZE, "message-too-large"},
	{FAULT_UPSTREAM_FEATURE, "extension-not-offered"},
	{FAULT_DEADLINE, "no-answer-in-time"},
	{FAULT_NONE, NULL},
	{FAULT_NO_MEMORY, NULL},
	{FAULT_BAD_ADDRESS, NULL},
};

START_TEST(explains_faults)
{
	const struct smtp_cause *c = smtp_cause_of_fault(faults[_i].fault);
	ck_assert_int_eq(c != NULL, faults[_i].cause != NULL);
	ck_assert(c == NULL || slice_eq(c->code, slice_of_text(faults[_i].cause)));
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("smtp decode");
	TCase *t = tcase_create("decode");
	tcase_add_loop_test(t, decodes, 0, COUNT_OF(by_password));
	tcase_add_loop_test(t, decodes_by_token, 0, COUNT_OF(by_token));
	tcase_add_loop_test(t, leaves_nobody_without_a_cause, 0, 200);
	tcase_add_loop_test(t, codes_are_words, 0, SMTP_CAUSE_COUNT);
	tcase_add_loop_test(t, says_sentences, 0, SMTP_CAUSE_COUNT);
	tcase_add_loop_test(t, explains_faults, 0, COUNT_OF(faults));
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
