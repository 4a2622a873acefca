/*
 * NAME     saslname - a user name inside of a SASL message whose parts are separated by commas
 * RULE     pure; a comma is =2C, an equals sign =3D
 * SEE      RFC 5801 4, RFC 5802 5.1
 */
#ifndef RELAY_SMTP_SASLNAME_H
#define RELAY_SMTP_SASLNAME_H

#include "spool-free/base/slice.h"

/* How many bytes it has, and these into `into` unless that is NULL. */
size_t smtp_saslname_write(struct slice name, char *into);

#endif
