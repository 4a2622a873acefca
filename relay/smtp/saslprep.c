#include "relay/smtp/saslprep.h"

#include "spool-free/base/text.h"

/*
 * Neither mapped nor forbidden (RFC 4013 2.1, 2.3), its own form under NFKC, no part of a composition with what stands
 * before it, and not written from right to left.
 */
static const struct {
	uint32_t first, last;
} kept[] = {
	{0x20, 0x7E}, /* printable ASCII */
	{0xA1, 0xA7}, /* Latin */
	{0xA9, 0xA9},	    {0xAB, 0xAC},     {0xAE, 0xAE},   {0xB0, 0xB1},
	{0xB6, 0xB7},	    {0xBB, 0xBB},     {0xBF, 0x131},  {0x134, 0x13E},
	{0x141, 0x148},	    {0x14A, 0x17E},   {0x180, 0x1C3}, {0x1CD, 0x1F0},
	{0x1F4, 0x2AF},	    {0x386, 0x386}, /* Greek */
	{0x388, 0x38A},	    {0x38C, 0x38C},   {0x38E, 0x3A1}, {0x3A3, 0x3CF},
	{0x400, 0x482},			      /* Cyrillic */
	{0x48A, 0x52F},	    {0x1E00, 0x1E99}, /* Latin with more marks */
	{0x2013, 0x2014},		      /* dashes, quotation marks */
	{0x2018, 0x201F},   {0x20AC, 0x20AC}, /* the euro */
	{0x2190, 0x222B},		      /* arrows, mathematics */
	{0x3041, 0x3096},		      /* kana */
	{0x30A1, 0x30FA},   {0x4E00, 0x9FFF}, /* Han */
	{0xAC00, 0xD7A3},		      /* Hangul */
	{0x1F300, 0x1F6D7},		      /* emoji */
};

static bool is_kept(uint32_t code)
{
	for (size_t i = 0; i < COUNT_OF(kept); i++) {
		if (code >= kept[i].first && code <= kept[i].last) {
			return true;
		}
	}
	return false;
}

bool smtp_saslprep_keeps(struct slice text)
{
	while (text.len > 0) {
		if (!is_kept(text_next(&text))) { /* invalid bytes are U+FFFD: not in the table */
			return false;
		}
	}
	return true;
}
