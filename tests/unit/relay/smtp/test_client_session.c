#include "tests/support/check_main.h"
#include "tests/support/dialogue.h"

/* AUTH PLAIN of "me" and "secret" */
#define PLAIN_LINE ">AUTH PLAIN AG1lAHNlY3JldA==\n"
#define OPEN_TLS                                                                                   \
	"<220 hi\n>EHLO client.test\n<250-srv\n<250-PIPELINING\n<250 STARTTLS\n>STARTTLS\n<220 "   \
	"go\nT\n"

static const struct dialogue rows[] = {
	/* what leads to READY */
	{"implicit TLS, no login", TLS_IMPLICIT, NULL, 0,
	 "<220 hi\n>EHLO client.test\n<250 srv\n.\n", " | none ready"},
	{"implicit TLS, PLAIN", TLS_IMPLICIT, "me", 0, DIALOGUE_SEQUENTIAL ".\n", " | none ready"},
	{"greeting of several lines", TLS_IMPLICIT, NULL, 0,
	 "<220-one\n<220 two\n>EHLO client.test\n<250 srv\n.\n", " | none ready"},
	{"STARTTLS, no login", TLS_STARTTLS, NULL, 0, OPEN_TLS ">EHLO client.test\n<250 srv\n.\n",
	 " | none ready"},
	{"STARTTLS, PLAIN after TLS", TLS_STARTTLS, "me", 0,
	 OPEN_TLS ">EHLO client.test\n<250-srv\n<250 AUTH LOGIN PLAIN\n" PLAIN_LINE "<235 in\n.\n",
	 " | none ready"},
	{"LOGIN", TLS_IMPLICIT, "me", 0,
	 "<220 hi\n>EHLO client.test\n<250-srv\n<250 AUTH=LOGIN\n>AUTH LOGIN\n<334 "
	 "VXNlcm5hbWU6\n>bWU=\n<334 UGFzc3dvcmQ6\n"
	 ">c2VjcmV0\n<235 in\n.\n",
	 " | none ready"},
	{"PLAIN is unknown after all, LOGIN works", TLS_IMPLICIT, "me", 0,
	 "<220 hi\n>EHLO client.test\n<250-srv\n<250 AUTH PLAIN LOGIN\n" PLAIN_LINE
	 "<504 5.5.4 no\n>AUTH LOGIN\n<334 a\n>bWU=\n<334 b\n>c2VjcmV0\n<235 in\n.\n",
	 " | none ready"},
	{"told to quit when idle", TLS_IMPLICIT, "me", 0,
	 DIALOGUE_SEQUENTIAL "Q\n>QUIT\n<221 bye\n", " | none over"},
	{"hang-up after QUIT is fine", TLS_IMPLICIT, "me", 0, DIALOGUE_SEQUENTIAL "Q\n>QUIT\nX\n",
	 " | none over"},

	/* refusals, each followed by QUIT */
	{"greeting 554", TLS_IMPLICIT, "me", 0, "<554 5.7.1 no\n>QUIT\n<221 bye\n",
	 " | upstream-refused at greeting over"},
	{"greeting 421", TLS_IMPLICIT, "me", 0, "<421 busy\n",
	 " | upstream-refused at greeting over"},
	{"EHLO refused", TLS_IMPLICIT, "me", 0, "<220 hi\n>EHLO client.test\n<502 what\n>QUIT\n",
	 " | upstream-refused at ehlo closing"},
	{"421 to EHLO", TLS_IMPLICIT, "me", 0, "<220 hi\n>EHLO client.test\n<421 bye\n",
	 " | upstream-refused at ehlo over"},
	{"no STARTTLS on offer", TLS_STARTTLS, "me", 0,
	 "<220 hi\n>EHLO client.test\n<250-srv\n<250 AUTH PLAIN\n>QUIT\n",
	 " | upstream-no-tls at starttls closing"},
	{"STARTTLS refused for now", TLS_STARTTLS, "me", 0,
	 "<220 hi\n>EHLO client.test\n<250-srv\n<250 STARTTLS\n>STARTTLS\n<454 4.7.0 "
	 "later\n>QUIT\n",
	 " | upstream-tls at starttls closing"},
	{"STARTTLS refused for good", TLS_STARTTLS, "me", 0,
	 "<220 hi\n>EHLO client.test\n<250-srv\n<250 STARTTLS\n>STARTTLS\n<502 no\n>QUIT\n",
	 " | upstream-no-tls at starttls closing"},
	{"EHLO after TLS refused", TLS_STARTTLS, "me", 0,
	 OPEN_TLS ">EHLO client.test\n<550 no\n>QUIT\n", " | upstream-refused at ehlo closing"},
	{"no AUTH on offer", TLS_IMPLICIT, "me", 0, "<220 hi\n>EHLO client.test\n<250 srv\n>QUIT\n",
	 " | upstream-no-auth at auth closing"},
	{"AUTH was on offer before TLS only", TLS_STARTTLS, "me", 0,
	 "<220 hi\n>EHLO client.test\n<250-srv\n<250-AUTH PLAIN\n<250 STARTTLS\n>STARTTLS\n<220 "
	 "go\nT\n>EHLO client.test\n"
	 "<250 srv\n>QUIT\n",
	 " | upstream-no-auth at auth closing"},
	{"no AUTH that we know", TLS_IMPLICIT, "me", 0,
	 "<220 hi\n>EHLO client.test\n<250-srv\n<250 AUTH GSSAPI\n>QUIT\n",
	 " | upstream-no-auth at auth closing"},
	{"wrong password", TLS_IMPLICIT, "me", 0,
	 "<220 hi\n>EHLO client.test\n<250-srv\n<250 AUTH PLAIN LOGIN\n" PLAIN_LINE
	 "<535 5.7.8 no\n>QUIT\n<221 bye\n",
	 " | upstream-auth at auth over"},
	{"wrong password, server hangs up", TLS_IMPLICIT, "me", 0,
	 "<220 hi\n>EHLO client.test\n<250-srv\n<250 AUTH PLAIN\n" PLAIN_LINE
	 "<535 5.7.8 no\nX\n.\n",
	 " | upstream-auth at auth over"},
	{"wrong password with LOGIN", TLS_IMPLICIT, "me", 0,
	 "<220 hi\n>EHLO client.test\n<250-srv\n<250 AUTH LOGIN\n>AUTH LOGIN\n<334 a\n>bWU=\n<334 "
	 "b\n>c2VjcmV0\n<535 no\n>QUIT\n",
	 " | upstream-auth at auth closing"},
	{"login fails for now", TLS_IMPLICIT, "me", 0,
	 "<220 hi\n>EHLO client.test\n<250-srv\n<250 AUTH PLAIN\n" PLAIN_LINE
	 "<454 4.7.0 later\n>QUIT\n",
	 " | upstream-refused at auth closing"},
	{"421 to AUTH", TLS_IMPLICIT, "me", 0,
	 "<220 hi\n>EHLO client.test\n<250-srv\n<250 AUTH PLAIN\n" PLAIN_LINE "<421 bye\n",
	 " | upstream-refused at auth over"},
	{"every mechanism is unknown", TLS_IMPLICIT, "me", 0,
	 "<220 hi\n>EHLO client.test\n<250-srv\n<250 AUTH PLAIN\n" PLAIN_LINE "<504 no\n>QUIT\n",
	 " | upstream-auth at auth closing"},

	/* what is no SMTP */
	{"another protocol", TLS_IMPLICIT, "me", 0, "!SSH-2.0-x$&\n.\n",
	 " | upstream-protocol at greeting over"},
	{"greeting 354", TLS_IMPLICIT, "me", 0, "<354 go\n.\n",
	 " | upstream-protocol at greeting over"},
	{"reply before EHLO went out", TLS_IMPLICIT, "me", 0, "<220 hi\n<250 srv\n.\n",
	 " | upstream-protocol at ehlo over"},
	{"334 to EHLO", TLS_IMPLICIT, "me", 0, "<220 hi\n>EHLO client.test\n<334 a\n.\n",
	 " | upstream-protocol at ehlo over"},
	{"words injected behind STARTTLS", TLS_STARTTLS, "me", 0,
	 "<220 hi\n>EHLO client.test\n<250-srv\n<250 STARTTLS\n>STARTTLS\n<220 go\n<250 AUTH "
	 "PLAIN\n.\n",
	 " | upstream-protocol at tls over"},
	{"half a word injected behind STARTTLS", TLS_STARTTLS, "me", 0,
	 "<220 hi\n>EHLO client.test\n<250-srv\n<250 STARTTLS\n>STARTTLS\n!220 go$&2\n.\n",
	 " | upstream-protocol at tls over"},
	{"STARTTLS answered before it was said", TLS_STARTTLS, "me", 0,
	 "<220 hi\n>EHLO client.test\n<250-srv\n<250 STARTTLS\n<220 go\n.\n",
	 " | upstream-protocol at starttls over"},
	{"login confirmed before it was asked", TLS_IMPLICIT, "me", 0,
	 "<220 hi\n>EHLO client.test\n<250-srv\n<250 AUTH PLAIN\n<235 in\n.\n",
	 " | upstream-protocol at auth over"},
	{"PLAIN asked once more", TLS_IMPLICIT, "me", 0,
	 "<220 hi\n>EHLO client.test\n<250-srv\n<250 AUTH PLAIN\n" PLAIN_LINE "<334 more\n.\n",
	 " | upstream-protocol at auth over"},
	{"LOGIN asked a third time", TLS_IMPLICIT, "me", 0,
	 "<220 hi\n>EHLO client.test\n<250-srv\n<250 AUTH LOGIN\n>AUTH LOGIN\n<334 a\n>bWU=\n<334 "
	 "b\n>c2VjcmV0\n<334 c\n.\n",
	 " | upstream-protocol at auth over"},
	{"354 to AUTH", TLS_IMPLICIT, "me", 0,
	 "<220 hi\n>EHLO client.test\n<250-srv\n<250 AUTH PLAIN\n" PLAIN_LINE "<550-a\n<551 b\n.\n",
	 " | upstream-protocol at auth over"},
	{"farewell while idle", TLS_IMPLICIT, "me", 0, DIALOGUE_SEQUENTIAL "<421 bye\n.\n",
	 " | none over"},
	{"any word while idle", TLS_IMPLICIT, "me", 0, DIALOGUE_SEQUENTIAL "!2\n.\n",
	 " | none over"},

	/* losses */
	{"lost before the greeting", TLS_IMPLICIT, "me", 0, "X\n.\n",
	 " | upstream-lost at greeting over"},
	{"late before the greeting", TLS_IMPLICIT, "me", 0, "Z\n.\n",
	 " | deadline at greeting over"},
	{"lost in mid-greeting", TLS_IMPLICIT, "me", 0, "!220 h\nX\n.\n",
	 " | upstream-lost at greeting over"},
	{"lost at EHLO", TLS_IMPLICIT, "me", 0, "<220 hi\n>EHLO client.test\nX\n.\n",
	 " | upstream-lost at ehlo over"},
	{"lost in mid-EHLO", TLS_IMPLICIT, "me", 0, "<220 hi\n>EHLO client.test\n<250-srv\nX\n.\n",
	 " | upstream-lost at ehlo over"},
	{"late at STARTTLS", TLS_STARTTLS, "me", 0,
	 "<220 hi\n>EHLO client.test\n<250-srv\n<250 STARTTLS\n>STARTTLS\nZ\n.\n",
	 " | deadline at starttls over"},
	{"lost in the handshake", TLS_STARTTLS, "me", 0,
	 "<220 hi\n>EHLO client.test\n<250-srv\n<250 STARTTLS\n>STARTTLS\n<220 go\nX\n.\n",
	 " | upstream-lost at tls over"},
	{"lost at AUTH", TLS_IMPLICIT, "me", 0,
	 "<220 hi\n>EHLO client.test\n<250-srv\n<250 AUTH PLAIN\n" PLAIN_LINE "X\n.\n",
	 " | upstream-lost at auth over"},
	{"lost before AUTH is out", TLS_IMPLICIT, "me", 0,
	 "<220 hi\n>EHLO client.test\n<250-srv\n<250 AUTH PLAIN\n%5\nX\n.\n",
	 " | upstream-lost at auth over"},
	{"lost while idle", TLS_IMPLICIT, "me", 0, DIALOGUE_SEQUENTIAL "X\n.\n", " | none over"},

	/* with a message waiting: it is not touched by what the session runs into */
	{"wrong password", TLS_IMPLICIT, "me", 2,
	 "M\n<220 hi\n>EHLO client.test\n<250-srv\n<250 AUTH PLAIN\n" PLAIN_LINE
	 "<535 5.7.8 no\n>QUIT\n",
	 "untried, untried | upstream-auth at auth closing"},
	{"greeting 554, then hang-up", TLS_IMPLICIT, "me", 1, "M\n<554 5.7.1 no\n>QUIT\nX\n",
	 "untried | upstream-refused at greeting over"},
	{"421 to EHLO", TLS_IMPLICIT, "me", 1, "M\n<220 hi\n>EHLO client.test\n<421 4.3.2 bye\n",
	 "untried | upstream-refused at ehlo over"},
	{"late at EHLO", TLS_IMPLICIT, "me", 1, "M\n<220 hi\n>EHLO client.test\nZ\n",
	 "untried | deadline at ehlo over"},
};

#define AUTH_FIRST                                                                                 \
	"cj1meWtvK2QybGJiRmdPTlJ2OXFreGRhd0xTRVJWRVIscz1jMkZzZEhrZ2MyRnNkQT09LGk9NDA5Ng=="
#define HELLO  "<220 hi\n>EHLO client.test\n<250-srv\n<250 AUTH "
#define SHA256 ">AUTH SCRAM-SHA-256 biwsbj1tZSxyPWZ5a28rZDJsYmJGZ09OUnY5cWt4ZGF3TA==\n"
#define PROOF                                                                                      \
	">Yz1iaXdzLHI9ZnlrbytkMmxiYkZnT05Sdjlxa3hkYXdMU0VSVkVSLHA9WlcyR2tNQlc4L0kyNTZudnA0b2VvRWZ" \
	"Q"                                                                                        \
	"VXBFVTNuK05oa0NUbHlmNjJZUT0=\n"
#define SIGNATURE "dj1YOFQ5RWlvVWJpUGNoN0QrODhMVWhLUXdjbFB6RG04REd1bXdra2RqZGI4PQ=="

/* Logging in with what depends on more than a user name. */
static const struct {
	struct dialogue play;
	struct dialogue_login login;
	const char *sentence;
} logins[] = {
	{{"SCRAM, the proof by 334", TLS_IMPLICIT, "me", 0,
	  HELLO "PLAIN SCRAM-SHA-256\n" SHA256 "<334 " AUTH_FIRST "\n" PROOF "<334 " SIGNATURE
		"\n>\n<235 in\n.\n",
	  " | none ready"},
	 {0},
	 NULL},
	{{"SCRAM in many turns", TLS_IMPLICIT, "me", 0,
	  HELLO "SCRAM-SHA-256\n" SHA256 "<334 "
		"cj1meWtvK2QybGJiRmdPTlJ2OXFreGRhd0xTRVJWRVIscz1jMkZzZEhrZ2MyRnNkQT09LGk9MTAwMDAw\n"
		">Yz1iaXdzLHI9ZnlrbytkMmxiYkZnT05Sdjlxa3hkYXdMU0VSVkVSLHA9MkxUSnBkeWR6ZEswV09yV1RDU"
		"TZibnpISEYwcDhxdUJBdy84TFpKWXdKTT0=\n"
		"<334 dj11Zk55ZUZ2WUJaT3R4QUdINk9TSzRkRXdZSlhDTUE0NVVkVE9xM0lNQnZzPQ==\n>\n<235 "
		"in\n.\n",
	  " | none ready"},
	 {0},
	 NULL},
	{{"SCRAM, bound", TLS_IMPLICIT, "me", 0,
	  HELLO
	  "SCRAM-SHA-256 SCRAM-SHA-256-PLUS\n>AUTH SCRAM-SHA-256-PLUS "
	  "cD10bHMtZXhwb3J0ZXIsLG49bWUscj1meWtvK2QybGJiRmdPTlJ2OXFreGRhd0w=\n<334 " AUTH_FIRST
	  "\n>Yz1jRDEwYkhNdFpYaHdiM0owWlhJc0xHVjRjRzl5ZEdWayxyPWZ5a28rZDJsYmJGZ09OUnY5cWt4ZGF3TFNFU"
	  "lZFUixwPTZUak5VZDQyd3ZwN003dGI2RkdnaEFkRVZJeEdkU0pUZVl6N0FUaERqeU09\n<334 "
	  "dj1xRkkxcGt4WWhXR2hLOGxQZVBIWE1nQ2I2ZnVVS1doQmZRcDB1VnFGUXdvPQ==\n>\n<235 in\n.\n",
	  " | none ready"},
	 {.binds = true},
	 NULL},
	{{"PLUS is unknown after all", TLS_IMPLICIT, "me", 0,
	  HELLO
	  "SCRAM-SHA-256 SCRAM-SHA-256-PLUS\n>AUTH SCRAM-SHA-256-PLUS "
	  "cD10bHMtZXhwb3J0ZXIsLG49bWUscj1meWtvK2QybGJiRmdPTlJ2OXFreGRhd0w=\n<504 5.5.4 "
	  "what\n>AUTH SCRAM-SHA-256 "
	  "eSwsbj1tZSxyPWZ5a28rZDJsYmJGZ09OUnY5cWt4ZGF3TA==\n<334 " AUTH_FIRST
	  "\n>Yz1lU3dzLHI9ZnlrbytkMmxiYkZnT05Sdjlxa3hkYXdMU0VSVkVSLHA9RXFxM1o0VFZCUS8wL3drOTB0WWEvS"
	  "UREVzJqM2padDRJSTF0VzhISnJNYz0=\n<334 "
	  "dj1nc3pqR25IOC9Vajk0T1ZWRDV3SzNLdFNoZnQ0dUFJQUNBOHhMSFU0V280PQ==\n>\n<235 in\n.\n",
	  " | none ready"},
	 {.binds = true},
	 NULL},
	{{"CRAM-MD5", TLS_IMPLICIT, "me", 0,
	  HELLO "PLAIN CRAM-MD5\n>AUTH CRAM-MD5\n<334 PDFAc3J2Pg==\n"
		">bWUgN2U0ZGFhOTQ0YmQ2ZDQ5OWI4M2ZhNjVkZjMzOWZkMmE=\n<235 in\n.\n",
	  " | none ready"},
	 {0},
	 NULL},
	{{"a token", TLS_STARTTLS, "me", 0,
	  OPEN_TLS ">EHLO client.test\n<250-srv\n<250-AUTH=LOGIN PLAIN\n<250 AUTH LOGIN XOAUTH2\n"
		   ">AUTH XOAUTH2 dXNlcj1tZQFhdXRoPUJlYXJlciB0b2stMQEB\n<235 in\n.\n",
	  " | none ready"},
	 {.token = "tok-1"},
	 NULL},
	{{"a token alone", TLS_IMPLICIT, NULL, 0,
	  HELLO "OAUTHBEARER\n>AUTH OAUTHBEARER "
		"biwsAWhvc3Q9bWFpbC50ZXN0AXBvcnQ9NTg3AWF1dGg9QmVhcmVyIHRvay0xAQE=\n<235 in\n.\n",
	  " | none ready"},
	 {.token = "tok-1"},
	 NULL},
	{{"a token, asked for after the command", TLS_IMPLICIT, "me", 0,
	  HELLO "XOAUTH2\n>AUTH XOAUTH2 dXNlcj1tZQFhdXRoPUJlYXJlciB0b2stMQEB\n<334 \n"
		">dXNlcj1tZQFhdXRoPUJlYXJlciB0b2stMQEB\n<235 in\n.\n",
	  " | none ready"},
	 {.token = "tok-1"},
	 NULL},
	/* what is refused: no weaker mechanism follows */
	{{"SCRAM refused", TLS_IMPLICIT, "me", 0,
	  HELLO "PLAIN LOGIN SCRAM-SHA-256\n" SHA256 "<334 " AUTH_FIRST "\n" PROOF
		"<535 5.7.8 no\n>QUIT\n",
	  " | upstream-auth at auth closing"},
	 {0},
	 "535 5.7.8."},
	{{"SCRAM refused by e=", TLS_IMPLICIT, "me", 0,
	  HELLO "PLAIN SCRAM-SHA-256\n" SHA256 "<334 " AUTH_FIRST "\n" PROOF
		"<334 ZT1pbnZhbGlkLXByb29m\n>\n<535 5.7.8 no\n>QUIT\n",
	  " | upstream-auth at auth closing"},
	 {0},
	 "535 5.7.8."},
	{{"SCRAM refused at once", TLS_IMPLICIT, "me", 0,
	  HELLO "PLAIN SCRAM-SHA-256\n" SHA256 "<535 5.7.8 no\n>QUIT\n",
	  " | upstream-auth at auth closing"},
	 {0},
	 NULL},
	{{"too weak, it says", TLS_IMPLICIT, "me", 0,
	  HELLO "PLAIN SCRAM-SHA-256\n" SHA256 "<534 5.7.9 no\n>QUIT\n",
	  " | upstream-auth at auth closing"},
	 {0},
	 "534 5.7.9."},
	{{"unknown, but only once it has asked", TLS_IMPLICIT, "me", 0,
	  HELLO "PLAIN CRAM-MD5\n>AUTH CRAM-MD5\n<334 PDFAc3J2Pg==\n"
		">bWUgN2U0ZGFhOTQ0YmQ2ZDQ5OWI4M2ZhNjVkZjMzOWZkMmE=\n<504 5.5.4 no\n>QUIT\n",
	  " | upstream-auth at auth closing"},
	 {0},
	 NULL},
	{{"SCRAM fails for now", TLS_IMPLICIT, "me", 0,
	  HELLO "PLAIN SCRAM-SHA-256\n" SHA256 "<334 " AUTH_FIRST "\n" PROOF
		"<454 4.7.0 later\n>QUIT\n",
	  " | upstream-refused at auth closing"},
	 {0},
	 NULL},
	{{"let in without a proof", TLS_IMPLICIT, "me", 0,
	  HELLO "SCRAM-SHA-256\n" SHA256 "<334 " AUTH_FIRST "\n" PROOF "<235 in\n.\n",
	  " | upstream-protocol at auth over"},
	 {0},
	 "without a proof that it knows the password too."},
	{{"let in at once", TLS_IMPLICIT, "me", 0, HELLO "SCRAM-SHA-256\n" SHA256 "<235 in\n.\n",
	  " | upstream-protocol at auth over"},
	 {0},
	 "without a proof that it knows the password too."},
	{{"a server that does not know the password", TLS_IMPLICIT, "me", 0,
	  HELLO "SCRAM-SHA-256\n" SHA256 "<334 " AUTH_FIRST "\n" PROOF
		"<334 dj1nc3pqR25IOC9Vajk0T1ZWRDV3SzNLdFNoZnQ0dUFJQUNBOHhMSFU0V280PQ==\n.\n",
	  " | upstream-protocol at auth over"},
	 {0},
	 "did not prove that it knows the password too."},
	{{"too few rounds", TLS_IMPLICIT, "me", 0,
	  HELLO "PLAIN SCRAM-SHA-256\n" SHA256 "<334 "
		"cj1meWtvK2QybGJiRmdPTlJ2OXFreGRhd0xTRVJWRVIscz1jMkZzZEhrZ2MyRnNkQT09LGk9NDA5NQ=="
		"\n.\n",
	  " | upstream-protocol at auth over"},
	 {0},
	 "so few do not protect it."},
	{{"too many rounds", TLS_IMPLICIT, "me", 0,
	  HELLO "PLAIN SCRAM-SHA-256\n" SHA256 "<334 "
		"cj1meWtvK2QybGJiRmdPTlJ2OXFreGRhd0xTRVJWRVIscz1jMkZzZEhrZ2MyRnNkQT09LGk9NjAwMDAx"
		"\n.\n",
	  " | upstream-protocol at auth over"},
	 {0},
	 "more than 600000 rounds of SCRAM."},
	{{"another's nonce", TLS_IMPLICIT, "me", 0,
	  HELLO "SCRAM-SHA-256\n" SHA256 "<334 "
		"cj14ZnlrbytkMmxiYkZnT05Sdjlxa3hkYXdMLHM9YzJGc2RIa2djMkZzZEE9PSxpPTQwOTY=\n.\n",
	  " | upstream-protocol at auth over"},
	 {0},
	 "belongs to another login than this one."},
	{{"SCRAM alone, and a password it has no form of", TLS_IMPLICIT, "me", 0,
	  HELLO "SCRAM-SHA-256\n>QUIT\n", " | upstream-no-auth at auth closing"},
	 {.password = "u\xCC\x88"},
	 "with such characters."},
	{{"a token refused", TLS_IMPLICIT, "me", 0,
	  HELLO "PLAIN XOAUTH2\n>AUTH XOAUTH2 dXNlcj1tZQFhdXRoPUJlYXJlciB0b2stMQEB\n<334 "
		"eyJzdGF0dXMiOiJpbnZhbGlkX3Rva2VuIiwic2NoZW1lcyI6ImJlYXJlciIsInNjb3BlIjoiaHR0cHM6Ly"
		"9tYWlsLnRlc3QvIn0=\n>\n<535 5.7.8 no\n>QUIT\n",
	  " | upstream-auth at auth closing"},
	 {.token = "tok-1"},
	 "535 5.7.8. It does not take the token: status 'invalid_token', it wants the scope "
	 "'https???mail.test?'."},
	{{"a token refused, OAUTHBEARER, then the line is dead", TLS_IMPLICIT, "me", 0,
	  HELLO "OAUTHBEARER XOAUTH2\n>AUTH OAUTHBEARER "
		"bixhPW1lLAFob3N0PW1haWwudGVzdAFwb3J0PTU4NwFhdXRoPUJlYXJlciB0b2stMQEB\n"
		"<334 eyJzdGF0dXMiOiI0MDEifQ==\n>AQ==\nX\n.\n",
	  " | upstream-lost at auth over"},
	 {.token = "tok-1"},
	 "It does not take the token: status '401'."},
	{{"a token refused, and then taken", TLS_IMPLICIT, "me", 0,
	  HELLO "XOAUTH2\n>AUTH XOAUTH2 dXNlcj1tZQFhdXRoPUJlYXJlciB0b2stMQEB\n<334 e30=\n>\n"
		"<235 in\n.\n",
	  " | upstream-protocol at auth over"},
	 {.token = "tok-1"},
	 NULL},
	{{"passwords alone, and a token", TLS_IMPLICIT, "me", 0,
	  HELLO "PLAIN LOGIN SCRAM-SHA-256\n>QUIT\n", " | upstream-no-auth at auth closing"},
	 {.token = "tok-1"},
	 NULL},
	{{"tokens alone, and a password", TLS_IMPLICIT, "me", 0,
	  HELLO "XOAUTH2 OAUTHBEARER\n>QUIT\n", " | upstream-no-auth at auth closing"},
	 {0},
	 NULL},
};

START_TEST(logs_in)
{
	dialogue_check_login(&logins[_i].play, &logins[_i].login, logins[_i].sentence);
}
END_TEST

START_TEST(plays)
{
	dialogue_check(&rows[_i]);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("smtp client, session");
	TCase *t = tcase_create("session");
	tcase_set_timeout(t, 60); /* the machine may be busy; nothing is judged by time */
	tcase_add_loop_test(t, plays, 0, COUNT_OF(rows));
	tcase_add_loop_test(t, logs_in, 0, COUNT_OF(logins));
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
