/* Writes the image of the sample policy to standard output. */

#include <cors.h>
#include <stdio.h>

#include "sample.h"

int main(void) {
    static unsigned char storage[512];
    const cors_config config = sample_config();
    cors_policy policy;
    if (cors_policy_compile(&config, storage, sizeof storage, &policy, NULL) != CORS_OK)
        return 1;
    return fwrite(policy.data, 1, policy.len, stdout) == policy.len ? 0 : 1;
}
