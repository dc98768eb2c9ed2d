/* TEST ONLY, never in the payload: wine 8's WcsCreateIccProfile aborts QApplication.
 * No colour profile is ever found; needs the override mscms=n. */
#include <windows.h>

#define X __declspec(dllexport)

X HANDLE WINAPI OpenColorProfileW(void *p, DWORD a, DWORD s, DWORD c) { return NULL; }
X HANDLE WINAPI WcsCreateIccProfile(HANDLE profile, DWORD options) { return NULL; }
X BOOL WINAPI CloseColorProfile(HANDLE profile) { return TRUE; }
X BOOL WINAPI GetColorProfileFromHandle(HANDLE profile, BYTE *bytes, DWORD *size)
{
    if (size)
        *size = 0;
    return FALSE;
}
