# Fit for any version of the same soname that is not newer. The version is the header's.

get_filename_component(cors_PREFIX "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
file(STRINGS "${cors_PREFIX}/include/cors.h" cors_NUMBERS REGEX "^#define CORS_VERSION_(MAJOR|MINOR|PATCH) [0-9]+$")
string(REGEX REPLACE "[^0-9;]" "" cors_NUMBERS "${cors_NUMBERS}")
string(REPLACE ";" "." PACKAGE_VERSION "${cors_NUMBERS}")
string(REGEX MATCH "^[0-9]+" cors_MAJOR "${PACKAGE_VERSION}")

if(PACKAGE_FIND_VERSION_MAJOR STREQUAL cors_MAJOR AND NOT PACKAGE_FIND_VERSION VERSION_GREATER PACKAGE_VERSION)
    set(PACKAGE_VERSION_COMPATIBLE TRUE)
endif()
if(PACKAGE_FIND_VERSION VERSION_EQUAL PACKAGE_VERSION)
    set(PACKAGE_VERSION_EXACT TRUE)
endif()
