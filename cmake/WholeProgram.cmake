# SPDX-License-Identifier: Apache-2.0
# The agent is optimized across the borders of its rooms, in release builds by g++ (decision 024). Rooms are compiled to
# objects that hold both kinds of code, because all other programs link in a tenth of the time without it.
set(fb_is_optimized "$<AND:$<CXX_COMPILER_ID:GNU>,$<CONFIG:Release>>")
set(fb_is_whole "$<BOOL:$<TARGET_PROPERTY:FB_WHOLE_PROGRAM>>")
# Seen through inlined functions of all rooms, g++ 12 warns of the overflows in vectors that cmake/Warnings.cmake mutes.
set(fb_whole_link "-flto=auto;-Wno-stringop-overflow")

function(fb_two_ways_to_link room)
    target_compile_options(${room} PRIVATE "$<${fb_is_optimized}:-flto;-ffat-lto-objects>")
    target_link_options(${room} INTERFACE "$<${fb_is_optimized}:$<IF:${fb_is_whole},${fb_whole_link},-fno-lto>>")
endfunction()

function(fb_whole_program program)
    set_target_properties(${program} PROPERTIES FB_WHOLE_PROGRAM ON)
    target_compile_options(${program} PRIVATE "$<${fb_is_optimized}:-flto>")
endfunction()
