// SPDX-License-Identifier: Apache-2.0
/** Tests of screening. */
package dev.stafette.engine.screen;
