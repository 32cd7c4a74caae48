# SPDX-License-Identifier: Apache-2.0
# fb_warnings: what every target is compiled with.   fb_core_warnings: what core gets on top of it.
add_library(fb_warnings INTERFACE)
target_compile_options(fb_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wold-style-cast
                                             -Woverloaded-virtual -Wformat=2)
if(FB_WERROR)
    target_compile_options(fb_warnings INTERFACE -Werror)
endif()

add_library(fb_core_warnings INTERFACE)
target_compile_options(fb_core_warnings INTERFACE -Wconversion -Wsign-conversion)
