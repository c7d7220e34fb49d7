/*
 * A program that only decides requests, to see what it links: its policy is an image, made by `cors compile` or by a program
 * like make_image.c. With -DCHECKED the program does not trust that image, and checks it.
 */

#include <cors.h>
#include <stdio.h>

#include "sample.h"

int main(int count, char **arguments) {
    static unsigned char bytes[512];
    const cors_request request = sample_request();
    cors_policy policy = {bytes, 0};
    cors_decision decision;
    FILE *stream = count == 2 ? fopen(arguments[1], "rb") : NULL;
    if (stream == NULL)
        return 2;
    policy.len = fread(bytes, 1, sizeof bytes, stream);
    fclose(stream);
#ifdef CHECKED
    if (cors_policy_load(bytes, policy.len, &policy, NULL) != CORS_OK)
        return 1;
#endif
    if (cors_evaluate(&policy, &request, &decision) != CORS_OK)
        return 1;
    return decision.denial == CORS_DENIAL_NONE && decision.field_count == 6 ? 0 : 1;
}
