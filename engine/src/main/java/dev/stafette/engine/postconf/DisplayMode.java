// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.postconf;

/**
 * How parameters are shown.
 * Thread: any (a value).
 *
 * @param isFolded {@code -f}
 * @param hidesNames {@code -h}
 * @param hidesValues {@code -H}
 * @param isExpanded {@code -x}
 */
public record DisplayMode(boolean isFolded, boolean hidesNames, boolean hidesValues, boolean isExpanded) {}
