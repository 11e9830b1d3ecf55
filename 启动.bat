@echo off
rem Double click: finds Python, makes the environment, runs the month, opens the newest quarter's folder.
rem Plain ASCII with CRLF: cmd reads a batch file in whatever code page the console has (docs/windows.md).
setlocal EnableExtensions DisableDelayedExpansion
set "CODE=1"
set "PYTHON="
set "PYTHONUTF8=1"
set "PYTHON_MANAGER_AUTOMATIC_INSTALL=false"
for /f "tokens=2 delims=:." %%c in ('chcp') do set "CODEPAGE=%%c"
chcp 65001 >nul

rem pushd gives a network share a drive letter, which cd cannot.
pushd "%~dp0"
if errorlevel 1 goto no_folder

for %%p in ("py -3" "py -3.14" "py -3.13" "py -3.12" "py -3.11" "python" "python3") do if not defined PYTHON call :try %%~p
if not defined PYTHON goto no_python

%PYTHON% -m pipeline.launch %*
set "CODE=%ERRORLEVEL%"
goto end

:no_python
type "docs\no-python.txt"
goto end

:no_folder
echo Cannot open the folder of this file: "%~dp0"

:end
popd
if defined CODEPAGE chcp %CODEPAGE% >nul
pause
exit /b %CODE%

:try
%* -c "import sys; sys.exit(not ((3, 11) <= sys.version_info[:2] <= (3, 14) and sys.maxsize > 2 ** 32))" >nul 2>nul
if "%ERRORLEVEL%"=="0" set "PYTHON=%*"
exit /b 0
