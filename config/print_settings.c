/* A program of the build alone: the table of settings as pagepost.conf(5) and as the commented example. */
#include <stdio.h>
#include <string.h>

#include "config/settings/settings.h"

int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "man") == 0) {
		settings_print_man(stdout);
	} else if (argc == 2 && strcmp(argv[1], "example") == 0) {
		settings_print_example(stdout);
	} else {
		fputs("usage: print_settings man | example\n", stderr);
		return 2;
	}
	return fflush(stdout) == 0 && ferror(stdout) == 0 ? 0 : 1;
}
