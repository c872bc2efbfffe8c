# Third-party libraries, as imported targets. All but DuckDB come from the distribution; ./dev setup installs them.
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(simdjson REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(PkgConfig REQUIRED)
if(TRAILSQL_BUILD_TESTS)
  enable_testing()
  find_package(GTest REQUIRED)
endif()

function(trailsql_system_library name header)
  find_library(${name}_LIBRARY NAMES ${name} REQUIRED)
  find_path(${name}_INCLUDE ${header} REQUIRED)
  add_library(${name} UNKNOWN IMPORTED)
  set_target_properties(${name} PROPERTIES IMPORTED_LOCATION "${${name}_LIBRARY}")
endfunction()
trailsql_system_library(isal isa-l.h)
trailsql_system_library(re2 re2/re2.h)
trailsql_system_library(pcre2-8 pcre2.h)
trailsql_system_library(edit histedit.h)

# DuckDB: header and shared library that ./dev setup fetched and checked (third_party/duckdb.txt names both).
set(TRAILSQL_DUCKDB_ROOT "$ENV{TRAILSQL_DUCKDB_ROOT}" CACHE PATH "Folder with include/duckdb.h and lib/libduckdb.so")
if(NOT TRAILSQL_DUCKDB_ROOT)
  if(DEFINED ENV{XDG_CACHE_HOME})
    set(TRAILSQL_DUCKDB_ROOT "$ENV{XDG_CACHE_HOME}/trailsql/duckdb-1.5.5")
  else()
    set(TRAILSQL_DUCKDB_ROOT "$ENV{HOME}/.cache/trailsql/duckdb-1.5.5")
  endif()
endif()
if(NOT EXISTS "${TRAILSQL_DUCKDB_ROOT}/lib/libduckdb.so")
  message(FATAL_ERROR "DuckDB is not in ${TRAILSQL_DUCKDB_ROOT}. Run ./dev setup, or set TRAILSQL_DUCKDB_ROOT.")
endif()
add_library(duckdb SHARED IMPORTED)
set_target_properties(duckdb PROPERTIES
  IMPORTED_LOCATION "${TRAILSQL_DUCKDB_ROOT}/lib/libduckdb.so"
  INTERFACE_SYSTEM_INCLUDE_DIRECTORIES "${TRAILSQL_DUCKDB_ROOT}/include"
  INTERFACE_INCLUDE_DIRECTORIES "${TRAILSQL_DUCKDB_ROOT}/include")
