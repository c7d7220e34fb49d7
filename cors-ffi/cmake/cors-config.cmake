# find_package(cors) defines
#   cors::shared, cors::static   libcors.so and libcors.a, whichever is installed
#   cors::cors                   the shared one; the static one if cors_USE_STATIC_LIBS is set, or if there is no other
# It finds them where it lies itself: in share/cors/cmake under their prefix.

get_filename_component(cors_PREFIX "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)

# Nothing is kept in the cache, so that another prefix is another installation.
foreach(cors_KIND shared static)
    if(cors_KIND STREQUAL shared)
        set(cors_NAME "${CMAKE_SHARED_LIBRARY_PREFIX}cors${CMAKE_SHARED_LIBRARY_SUFFIX}")
        set(cors_TYPE SHARED)
    else()
        set(cors_NAME "${CMAKE_STATIC_LIBRARY_PREFIX}cors${CMAKE_STATIC_LIBRARY_SUFFIX}")
        set(cors_TYPE STATIC)
    endif()
    foreach(cors_LIBDIR lib lib64 "lib/${CMAKE_LIBRARY_ARCHITECTURE}")
        set(cors_LIBRARY "${cors_PREFIX}/${cors_LIBDIR}/${cors_NAME}")
        if(EXISTS "${cors_LIBRARY}" AND NOT TARGET cors::${cors_KIND})
            add_library(cors::${cors_KIND} ${cors_TYPE} IMPORTED)
            set_target_properties(cors::${cors_KIND} PROPERTIES
                IMPORTED_LOCATION "${cors_LIBRARY}"
                INTERFACE_INCLUDE_DIRECTORIES "${cors_PREFIX}/include")
        endif()
    endforeach()
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
