/* TEST ONLY, never in the payload: Windows has its own ICU since 10 1903, wine 8 has none, and
 * Qt6Core imports its converters. Every open fails, so Qt falls back on its own codecs. */
#include <stddef.h>
#include <stdint.h>

#define X __declspec(dllexport)
enum { ILLEGAL_ARGUMENT = 1, FILE_ACCESS = 4 };
#define FAIL(error, code) do { if (error) *(error) = (code); } while (0)

X void *ucnv_open(const char *name, int *error) { FAIL(error, FILE_ACCESS); return NULL; }
X void ucnv_close(void *c) {}
X void ucnv_reset(void *c) {}
X int8_t ucnv_getMaxCharSize(const void *c) { return 1; }
X const char *ucnv_getName(const void *c, int *error) { FAIL(error, ILLEGAL_ARGUMENT); return ""; }
X void UCNV_FROM_U_CALLBACK_SUBSTITUTE(void) {}
X void UCNV_TO_U_CALLBACK_SUBSTITUTE(void) {}
X void ucnv_getToUCallBack(const void *c, void **action, const void **context) {}
X void ucnv_getFromUCallBack(const void *c, void **action, const void **context) {}
X void ucnv_setToUCallBack(void *c, void *a, const void *n, void **oa, const void **on, int *e) {}
X void ucnv_setFromUCallBack(void *c, void *a, const void *n, void **oa, const void **on, int *e) {}
X void ucnv_cbToUWriteUChars(void *a, const void *s, int32_t n, int32_t o, int *e) {}
X void ucnv_cbFromUWriteUChars(void *a, const void **s, const void *end, int32_t o, int *e) {}
X void ucnv_toUnicode(void *c, void **t, const void *te, const char **s, const char *se, int32_t *o,
                      int8_t flush, int *error) { FAIL(error, ILLEGAL_ARGUMENT); }
X void ucnv_fromUnicode(void *c, char **t, const char *te, const void **s, const void *se,
                        int32_t *o, int8_t flush, int *error) { FAIL(error, ILLEGAL_ARGUMENT); }
X int32_t ucnv_toUCountPending(const void *c, int *error) { return 0; }
X int32_t ucnv_fromUCountPending(const void *c, int *error) { return 0; }
X const char *ucnv_getStandardName(const char *n, const char *s, int *error) { return NULL; }
X const char *ucnv_getAvailableName(int32_t n) { return NULL; }
X int32_t ucnv_countAvailable(void) { return 0; }
