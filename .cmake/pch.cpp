// SPDX-License-Identifier: BSD-3-Clause
// nop: carries the precompiled header
