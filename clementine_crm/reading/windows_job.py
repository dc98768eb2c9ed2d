"""Windows: a job object that bounds the reader's memory and ends it with the program.

Written from the documented structures of the Win32 API; type-checked, never run by the tests here.
"""

from __future__ import annotations

import sys

if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    _EXTENDED_LIMIT_INFORMATION = 9
    _ACTIVE_PROCESS = 0x00000008
    _PROCESS_MEMORY = 0x00000100
    _DIE_ON_UNHANDLED_EXCEPTION = 0x00000400
    _KILL_ON_JOB_CLOSE = 0x00002000
    _PROCESSES = 2
    """The python.exe of a virtual environment is a small program that starts the real one."""

    _BASELINE_MB = 256
    """Committed by the interpreter and its libraries before the first document."""

    class _Basic(ctypes.Structure):
        _fields_ = [
            ("PerProcessUserTimeLimit", ctypes.c_int64),
            ("PerJobUserTimeLimit", ctypes.c_int64),
            ("LimitFlags", wintypes.DWORD),
            ("MinimumWorkingSetSize", ctypes.c_size_t),
            ("MaximumWorkingSetSize", ctypes.c_size_t),
            ("ActiveProcessLimit", wintypes.DWORD),
            ("Affinity", ctypes.c_size_t),
            ("PriorityClass", wintypes.DWORD),
            ("SchedulingClass", wintypes.DWORD),
        ]

    class _Extended(ctypes.Structure):
        _fields_ = [
            ("BasicLimitInformation", _Basic),
            ("IoInfo", ctypes.c_uint64 * 6),
            ("ProcessMemoryLimit", ctypes.c_size_t),
            ("JobMemoryLimit", ctypes.c_size_t),
            ("PeakProcessMemoryUsed", ctypes.c_size_t),
            ("PeakJobMemoryUsed", ctypes.c_size_t),
        ]

    class MemoryJob:
        """Holds one process: no further process, bounded memory, dead when this object is."""

        def __init__(self, process: int, memory_mb: int) -> None:
            kernel = ctypes.WinDLL("kernel32", use_last_error=True)
            kernel.CreateJobObjectW.restype = wintypes.HANDLE
            self._close = kernel.CloseHandle
            self._close.argtypes = [wintypes.HANDLE]
            self._handle = kernel.CreateJobObjectW(None, None)
            limits = _Extended()
            limits.BasicLimitInformation.LimitFlags = (
                _ACTIVE_PROCESS | _PROCESS_MEMORY | _DIE_ON_UNHANDLED_EXCEPTION | _KILL_ON_JOB_CLOSE
            )
            limits.BasicLimitInformation.ActiveProcessLimit = _PROCESSES
            limits.ProcessMemoryLimit = (memory_mb + _BASELINE_MB) * 1024 * 1024
            done = kernel.SetInformationJobObject(
                wintypes.HANDLE(self._handle),
                _EXTENDED_LIMIT_INFORMATION,
                ctypes.byref(limits),
                ctypes.sizeof(limits),
            ) and kernel.AssignProcessToJobObject(
                wintypes.HANDLE(self._handle), wintypes.HANDLE(process)
            )
            if not done:
                raise ctypes.WinError(ctypes.get_last_error())

        def __del__(self) -> None:
            self._close(self._handle)
