#ifndef BUSYHOUR_PROCESSOR_H
#define BUSYHOUR_PROCESSOR_H

#include <stdbool.h>

/// Whether this processor has AVX2 and BMI2 and the operating system saves the wide registers. Swift has no word for
/// it. Asks the processor once in a process, at start; cheap.
bool processorHasAVX2(void);

/// Advice to load the line of memory with this address, for reading.
static inline void processorPrefetch(const void *_Nonnull address) { __builtin_prefetch(address); }

#endif
