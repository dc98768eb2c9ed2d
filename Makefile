# One line that calls installer/make.py, wherever make is called from and whatever the path holds.
export THIS = $(MAKEFILE_LIST)
help setup demo test check windows:
	@"$${PYTHON:-python3}" "$$(dirname "$${THIS# }")/installer/make.py" $@ $(ARGS)
.PHONY: help setup demo test check windows
