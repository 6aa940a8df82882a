// nop: carries the precompiled header
