/* Starts the program with the Python beside this file: one source, two launchers.
 *   ClementineCRM.exe (-DWINDOWED -mwindows): the window, no console
 *   clementine.exe    (-mconsole):            command line and reader process, with pipes
 * Both run:  python -X utf8 -B <folder>\app\main.py ARGS
 * -X utf8 stands here because the ._pth file isolates Python from PYTHONUTF8; -B because the
 * uninstaller removes exactly what was installed, and the folder may not be writable. */
#include <windows.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

#define PATH_MAX_WIDE 32768
#define ADDED 4

static int broken(void)
{
#ifdef WINDOWED
    MessageBoxW(NULL,
        L"L\u2019installation de Cl\u00e9mentine CRM est incompl\u00e8te. "
        L"R\u00e9installez le logiciel.\n\n"
        L"Cl\u00e9mentine CRM is not completely installed. Install it again.",
        L"Cl\u00e9mentine CRM", MB_ICONERROR);
#else
    fputs("Clementine CRM: installation incomplete, reinstallez. / Install it again.\n", stderr);
#endif
    return 3;
}

int wmain(int argc, wchar_t **argv)
{
    static wchar_t library[PATH_MAX_WIDE], program[PATH_MAX_WIDE];
    const DWORD search = LOAD_LIBRARY_SEARCH_DEFAULT_DIRS | LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR;
    DWORD length = GetModuleFileNameW(NULL, library, PATH_MAX_WIDE);
    wchar_t *slash = length ? wcsrchr(library, L'\\') : NULL;
    if (!slash || slash - library > PATH_MAX_WIDE - 64)
        return broken();
    slash[1] = 0;
    wcscpy(program, library);
    wcscat(program, L"app\\main.py");
    wcscat(library, PYTHON_DLL);

    SetDefaultDllDirectories(search); /* never a DLL from the working folder */
    HMODULE python = LoadLibraryExW(library, NULL, search);
    int (*run)(int, wchar_t **) = NULL;
    if (python)
        run = (int (*)(int, wchar_t **))(void (*)(void))GetProcAddress(python, "Py_Main");
    if (!run || GetFileAttributesW(program) == INVALID_FILE_ATTRIBUTES)
        return broken();

    wchar_t **args = calloc((size_t)argc + ADDED + 1, sizeof *args);
    if (!args)
        return broken();
    int n = 0;
    args[n++] = argc ? argv[0] : program;
    args[n++] = L"-X";
    args[n++] = L"utf8";
    args[n++] = L"-B";
    args[n++] = program;
    for (int i = 1; i < argc; i++)
        args[n++] = argv[i];
    return run(n, args);
}
