# SPDX-License-Identifier: Apache-2.0
# fb_warnings: what every target is compiled with.   fb_core_warnings: what core gets on top of it.
add_library(fb_warnings INTERFACE)
target_compile_options(fb_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wold-style-cast
                                             -Woverloaded-virtual -Wformat=2)
# Optimized, g++ 12 sees overflows and uninitialized values in the standard library's vectors and optionals that cannot
# happen; the debug, clang and sanitizer builds keep these warnings.
set(fb_false_warnings -Wno-array-bounds -Wno-maybe-uninitialized -Wno-restrict -Wno-stringop-overflow -Wno-stringop-overread)
target_compile_options(fb_warnings INTERFACE "$<$<AND:$<CXX_COMPILER_ID:GNU>,$<CONFIG:Release>>:${fb_false_warnings}>")
if(FB_WERROR)
    target_compile_options(fb_warnings INTERFACE -Werror)
endif()

add_library(fb_core_warnings INTERFACE)
target_compile_options(fb_core_warnings INTERFACE -Wconversion -Wsign-conversion)
