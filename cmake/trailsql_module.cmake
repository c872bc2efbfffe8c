# trailsql_module(NAME DEPENDS module… LIBRARIES library…)
# Makes the target trailsql_NAME from src/NAME/**.cpp, and trailsql_NAME_test from src/NAME/**_test.cpp.
# What stands in **_for_test.cpp serves the tests of NAME and of the modules that depend on it: trailsql_NAME_for_test.

add_library(trailsql_options INTERFACE)
target_compile_options(trailsql_options INTERFACE -Wall -Wextra -Wshadow -Wconversion -Werror -fno-omit-frame-pointer)
if(TRAILSQL_SANITIZE)
  target_compile_options(trailsql_options INTERFACE -fsanitize=${TRAILSQL_SANITIZE} -fno-sanitize-recover=all)
  # g++ 12 sees uninitialised members inside the standard library once sanitizers are on.
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(trailsql_options INTERFACE -Wno-maybe-uninitialized)
  endif()
  target_link_options(trailsql_options INTERFACE -fsanitize=${TRAILSQL_SANITIZE})
endif()

# Files of a module are compiled sixteen at a time, those of its tests eight, which takes a fifth of the time: most of it
# goes into headers and the templates that they instantiate. So names in their unnamed namespaces must differ within a
# module, and those of its tests among themselves.
option(TRAILSQL_UNITY "Compile several files of a module together" ON)

function(trailsql_compile_together target num_files)
  set_target_properties(${target} PROPERTIES UNITY_BUILD ${TRAILSQL_UNITY} UNITY_BUILD_BATCH_SIZE ${num_files})
endfunction()

function(trailsql_module name)
  cmake_parse_arguments(PARSE_ARGV 1 MODULE "" "" "DEPENDS;LIBRARIES")
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/src/${name}/*.cpp")
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  set(support ${tests})
  list(FILTER support INCLUDE REGEX "_for_test\\.cpp$")
  list(FILTER tests EXCLUDE REGEX "_for_test\\.cpp$")
  if(NOT sources)
    add_library(trailsql_${name} INTERFACE)
    return()
  endif()

  add_library(trailsql_${name} STATIC ${sources})
  trailsql_compile_together(trailsql_${name} 16)
  target_include_directories(trailsql_${name} PUBLIC "${CMAKE_SOURCE_DIR}/src")
  target_link_libraries(trailsql_${name} PRIVATE trailsql_options)
  foreach(dependency IN LISTS MODULE_DEPENDS)
    target_link_libraries(trailsql_${name} PUBLIC trailsql_${dependency})
  endforeach()
  target_link_libraries(trailsql_${name} PUBLIC ${MODULE_LIBRARIES})

  if(TRAILSQL_BUILD_TESTS AND support)
    add_library(trailsql_${name}_for_test STATIC ${support})
    target_link_libraries(trailsql_${name}_for_test PUBLIC trailsql_${name} PRIVATE trailsql_options)
  endif()
  if(TRAILSQL_BUILD_TESTS AND tests)
    add_executable(trailsql_${name}_test ${tests})
    trailsql_compile_together(trailsql_${name}_test 8)
    # Compiling tests unoptimised takes half as long, and they run in seconds.
    target_compile_options(trailsql_${name}_test PRIVATE $<$<CONFIG:Release>:-O0>)
    target_link_libraries(trailsql_${name}_test PRIVATE trailsql_${name} trailsql_options GTest::gtest_main)
    foreach(module IN LISTS MODULE_DEPENDS ITEMS ${name})
      if(TARGET trailsql_${module}_for_test)
        target_link_libraries(trailsql_${name}_test PRIVATE trailsql_${module}_for_test)
      endif()
    endforeach()
    add_test(NAME unit/${name} COMMAND trailsql_${name}_test)
    set_tests_properties(unit/${name} PROPERTIES WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}")
  endif()
endfunction()
