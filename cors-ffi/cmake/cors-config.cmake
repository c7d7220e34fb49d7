# find_package(cors) defines
#   cors::shared, cors::static   libcors.so and libcors.a, whichever is installed
#   cors::cors                   the shared one; the static one if cors_USE_STATIC_LIBS is set, or if there is no other
# It finds them where it lies itself: in share/cors/cmake under their prefix.

get_filename_component(cors_PREFIX "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
set(cors_INCLUDE_DIR "${cors_PREFIX}/include")
set(cors_LIBRARY_DIRS "${cors_PREFIX}/lib" "${cors_PREFIX}/lib64" "${cors_PREFIX}/lib/${CMAKE_LIBRARY_ARCHITECTURE}")

foreach(kind shared static)
    string(TOUPPER ${kind} KIND)
    find_library(cors_${KIND}_LIBRARY NAMES ${CMAKE_${KIND}_LIBRARY_PREFIX}cors${CMAKE_${KIND}_LIBRARY_SUFFIX}
        PATHS ${cors_LIBRARY_DIRS} NO_DEFAULT_PATH)
    mark_as_advanced(cors_${KIND}_LIBRARY)
    if(cors_${KIND}_LIBRARY AND NOT TARGET cors::${kind})
        add_library(cors::${kind} ${KIND} IMPORTED)
        set_target_properties(cors::${kind} PROPERTIES
            IMPORTED_LOCATION "${cors_${KIND}_LIBRARY}"
            INTERFACE_INCLUDE_DIRECTORIES "${cors_INCLUDE_DIR}")
    endif()
endforeach()

if(TARGET cors::static AND (cors_USE_STATIC_LIBS OR NOT TARGET cors::shared))
    set(cors_KIND static)
elseif(TARGET cors::shared AND NOT cors_USE_STATIC_LIBS)
    set(cors_KIND shared)
else()
    set(cors_FOUND FALSE)
    set(cors_NOT_FOUND_MESSAGE "no libcors of the kind asked for under ${cors_PREFIX}")
    return()
endif()
if(NOT TARGET cors::cors)
    add_library(cors::cors INTERFACE IMPORTED)
    set_target_properties(cors::cors PROPERTIES INTERFACE_LINK_LIBRARIES cors::${cors_KIND})
endif()
