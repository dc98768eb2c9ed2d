# One line that calls installer/make.py: .\make.ps1 demo
& (Get-Command py, python, python3 -CommandType Application -ErrorAction SilentlyContinue)[0].Source "$PSScriptRoot\installer\make.py" @args; exit $LASTEXITCODE
