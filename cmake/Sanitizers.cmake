# SPDX-License-Identifier: Apache-2.0
if(FB_SANITIZE)
    add_compile_options(-fsanitize=${FB_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    add_link_options(-fsanitize=${FB_SANITIZE})
    if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
        # gcc's manual, -fsanitize: the instrumentation makes this warning wrong about variants and optionals.
        add_compile_options(-Wno-maybe-uninitialized)
    endif()
endif()
if(FB_FUZZ)
    # The rooms must be instrumented too: libFuzzer is blind to code that does not report its edges.
    add_compile_options(-fsanitize=fuzzer-no-link)
endif()
