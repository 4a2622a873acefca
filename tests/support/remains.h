/*
 * NAME     remains - is a text still somewhere in what this process can write to, freed or not
 * USE      remains_write(room, len, seed); ... what is done with it, and wiping it ...; remains_are_there(len, seed)
 * HOW      the text is made of its seed, so that looking for it makes no copy of it. Mappings of more than REMAINS_MAP_MAX
 *          are passed over: shadows of instruments. The first REMAINS_MARKS letters need not be there: the heap writes over them
 */
#ifndef TESTS_SUPPORT_REMAINS_H
#define TESTS_SUPPORT_REMAINS_H

#include <stdbool.h>
#include <stddef.h>

enum { REMAINS_MARKS = 32, REMAINS_MAP_MAX = 64 * 1024 * 1024 };

void remains_write(char *room, size_t len, unsigned seed); /* letters */
bool remains_are_there(size_t len, unsigned seed);

#endif
