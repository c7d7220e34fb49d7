/* Both headers may be included more than once, and in either order; as C this is cors.h alone. */

#include "cors.h"
#include "cors.h"

#ifdef __cplusplus
#include "cors.hpp"
#include "cors.hpp"
#include "cors.h"
#endif

int main(void) {
    cors_config config = CORS_CONFIG_INIT;
    cors_request request = CORS_REQUEST_INIT;
    cors_fetch fetch = CORS_FETCH_INIT;
    static const cors_string string = CORS_STRING("four");
    return config.size == sizeof config && request.size == sizeof request && fetch.size == sizeof fetch && string.len == 4 ? 0 : 1;
}
