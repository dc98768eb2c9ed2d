; The set-up. build.py gives VERSION QUAD NAME FOLDER REGISTRY EDITION OUT ICON LIST_PUT LIST_TAKE.
; Exit codes: 0 done, 2 cancelled, 3 the program runs, 4 the version before could not be removed,
; 5 Windows too old. Silent: /S /CurrentUser (or /AllUsers) and, last and unquoted, /D=C:\Folder
Unicode true
Target amd64-unicode
SetDateSave off
!ifdef FAST
  SetCompressor /FINAL zlib
!else
  SetCompressor /SOLID /FINAL lzma
  SetCompressorDictSize 64
!endif

!define UNINSTALL_KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\${REGISTRY}"
!define OWN_KEY "Software\${REGISTRY}"
!define FIRST_BUILD 18362 ; Windows 10 1903: the first with the ICU that Qt asks for

!define MULTIUSER_EXECUTIONLEVEL Highest
!define MULTIUSER_MUI
!define MULTIUSER_INSTALLMODE_COMMANDLINE
!define MULTIUSER_USE_PROGRAMFILES64
!define MULTIUSER_INSTALLMODE_INSTDIR "${FOLDER}"
!define MULTIUSER_INSTALLMODE_INSTDIR_REGISTRY_KEY "${OWN_KEY}"
!define MULTIUSER_INSTALLMODE_INSTDIR_REGISTRY_VALUENAME "InstallDir"
!define MULTIUSER_INSTALLMODE_DEFAULT_REGISTRY_KEY "${OWN_KEY}"
!define MULTIUSER_INSTALLMODE_DEFAULT_REGISTRY_VALUENAME "InstallDir"
!define MULTIUSER_INSTALLMODE_DEFAULT_CURRENTUSER
!include MultiUser.nsh
!include MUI2.nsh
!include LogicLib.nsh
!include FileFunc.nsh
!include WinVer.nsh

Name "${NAME}"
OutFile "${OUT}"
ManifestDPIAware true
ManifestLongPathAware true
ManifestSupportedOS Win10
VIProductVersion "${QUAD}"
VIFileVersion "${QUAD}"
VIAddVersionKey /LANG=1036 ProductName "${NAME}"
VIAddVersionKey /LANG=1036 ProductVersion "${VERSION}"
VIAddVersionKey /LANG=1036 FileVersion "${VERSION}"
VIAddVersionKey /LANG=1036 FileDescription "Installation de ${NAME}"
VIAddVersionKey /LANG=1036 LegalCopyright "Apache-2.0"
VIAddVersionKey /LANG=1036 SpecialBuild "${EDITION}"

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!insertmacro MUI_PAGE_WELCOME
!insertmacro MULTIUSER_PAGE_INSTALLMODE
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "French"
!insertmacro MUI_LANGUAGE "English"

LangString TOO_OLD ${LANG_FRENCH} "${NAME} demande Windows 10 version 1903 ou plus récent. Mettez Windows à jour, puis recommencez."
LangString TOO_OLD ${LANG_ENGLISH} "${NAME} needs Windows 10 version 1903 or newer. Update Windows, then try again."
LangString RUNNING ${LANG_FRENCH} "${NAME} est ouvert. Fermez-le, puis recommencez."
LangString RUNNING ${LANG_ENGLISH} "${NAME} is open. Close it, then try again."
LangString NOT_REMOVED ${LANG_FRENCH} "La version précédente n’a pas pu être retirée ; rien n’a été installé."
LangString NOT_REMOVED ${LANG_ENGLISH} "The previous version could not be removed; nothing was installed."

Function .onInit
  ${IfNot} ${AtLeastBuild} ${FIRST_BUILD}
    MessageBox MB_OK|MB_ICONSTOP "$(TOO_OLD)" /SD IDOK
    SetErrorLevel 5
    Quit
  ${EndIf}
  StrCpy $9 $INSTDIR ; MultiUser.nsh overwrites /D=
  !insertmacro MULTIUSER_INIT
  ${If} $9 != ""
    StrCpy $INSTDIR $9
  ${EndIf}
FunctionEnd

Function un.onInit
  !insertmacro MULTIUSER_UNINIT
FunctionEnd

; A running program holds its own file open: opening it for writing fails.
!macro RefuseWhileRunning FOLDER EXE
  ${If} ${FileExists} "${FOLDER}\${EXE}"
    ClearErrors
    FileOpen $0 "${FOLDER}\${EXE}" a
    ${If} ${Errors}
      MessageBox MB_OK|MB_ICONEXCLAMATION "$(RUNNING)" /SD IDOK
      SetErrorLevel 3
      Quit
    ${EndIf}
    FileClose $0
  ${EndIf}
!macroend

Section "install"
  ReadRegStr $2 SHCTX "${UNINSTALL_KEY}" "InstallLocation"
  ${If} $2 != ""
  ${AndIf} ${FileExists} "$2\Uninstall.exe"
    !insertmacro RefuseWhileRunning "$2" "ClementineCRM.exe"
    !insertmacro RefuseWhileRunning "$2" "clementine.exe"
    ; The old version's own uninstaller knows exactly its files; people's data lies elsewhere.
    ExecWait '"$2\Uninstall.exe" /S /$MultiUser.InstallMode _?=$2' $3
    ${If} $3 <> 0
      MessageBox MB_OK|MB_ICONSTOP "$(NOT_REMOVED)" /SD IDOK
      SetErrorLevel 4
      Quit
    ${EndIf}
  ${EndIf}
  !insertmacro RefuseWhileRunning "$INSTDIR" "ClementineCRM.exe"
  !insertmacro RefuseWhileRunning "$INSTDIR" "clementine.exe"
  !include "${LIST_PUT}"
  SetOutPath "$INSTDIR"
  WriteUninstaller "$INSTDIR\Uninstall.exe"
  CreateShortCut "$SMPROGRAMS\${NAME}.lnk" "$INSTDIR\ClementineCRM.exe"
  WriteRegStr SHCTX "${OWN_KEY}" InstallDir "$INSTDIR"
  WriteRegStr SHCTX "${OWN_KEY}" Version "${VERSION}"
  WriteRegStr SHCTX "${UNINSTALL_KEY}" DisplayName "${NAME}"
  WriteRegStr SHCTX "${UNINSTALL_KEY}" DisplayVersion "${VERSION}"
  WriteRegStr SHCTX "${UNINSTALL_KEY}" Publisher "Clémentine"
  WriteRegStr SHCTX "${UNINSTALL_KEY}" DisplayIcon "$INSTDIR\ClementineCRM.exe"
  WriteRegStr SHCTX "${UNINSTALL_KEY}" InstallLocation "$INSTDIR"
  WriteRegStr SHCTX "${UNINSTALL_KEY}" UninstallString '"$INSTDIR\Uninstall.exe" /$MultiUser.InstallMode'
  WriteRegStr SHCTX "${UNINSTALL_KEY}" QuietUninstallString '"$INSTDIR\Uninstall.exe" /S /$MultiUser.InstallMode'
  ${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
  IntFmt $0 "0x%08X" $0
  WriteRegDWORD SHCTX "${UNINSTALL_KEY}" EstimatedSize "$0"
  WriteRegDWORD SHCTX "${UNINSTALL_KEY}" NoModify 1
  WriteRegDWORD SHCTX "${UNINSTALL_KEY}" NoRepair 1
SectionEnd

Section "Uninstall"
  !insertmacro RefuseWhileRunning "$INSTDIR" "ClementineCRM.exe"
  !insertmacro RefuseWhileRunning "$INSTDIR" "clementine.exe"
  SetOutPath "$TEMP" ; never stand in the folder that goes
  !include "${LIST_TAKE}"
  Delete "$INSTDIR\Uninstall.exe"
  RMDir "$INSTDIR" ; only when empty: a stranger's file stays
  Delete "$SMPROGRAMS\${NAME}.lnk"
  DeleteRegKey SHCTX "${OWN_KEY}"
  DeleteRegKey SHCTX "${UNINSTALL_KEY}"
SectionEnd
