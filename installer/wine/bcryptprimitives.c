/* TEST ONLY, never in the payload: wine 8 has no bcryptprimitives.dll, whose ProcessPrng is the
 * random source of Rust programs (cryptography, pydantic-core). Filled from advapi32. */
#include <windows.h>

BOOLEAN NTAPI SystemFunction036(PVOID buffer, ULONG length); /* RtlGenRandom */

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE buffer, SIZE_T length)
{
    while (length) {
        ULONG part = length > (1u << 28) ? (1u << 28) : (ULONG)length;
        if (!SystemFunction036(buffer, part))
            return FALSE;
        buffer += part;
        length -= part;
    }
    return TRUE;
}
