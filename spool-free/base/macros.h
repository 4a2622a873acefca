/*
 * NAME     macros - the few words that C lacks
 * USE      MUST_USE before a function whose result may not be dropped;
 *          CLEANUP(x_free) before a local that frees itself when it goes out of scope;
 *          STEAL(p) moves a pointer out of such a local;
 *          COUNT_OF(array) its number of elements.
 */
#ifndef SPOOL_FREE_BASE_MACROS_H
#define SPOOL_FREE_BASE_MACROS_H

#include <stddef.h>

#define MUST_USE	  __attribute__((warn_unused_result))
#define CLEANUP(fn)	  __attribute__((cleanup(fn)))
#define UNUSED		  __attribute__((unused))
#define PRINTF_LIKE(a, b) __attribute__((format(printf, a, b)))
#define COUNT_OF(a)	  (sizeof(a) / sizeof((a)[0]))
#define STEAL(p)                                                                                   \
	({                                                                                         \
		__typeof__(p) stolen_ = (p);                                                       \
		(p) = NULL;                                                                        \
		stolen_;                                                                           \
	})

#endif
