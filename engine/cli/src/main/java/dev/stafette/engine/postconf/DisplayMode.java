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
 * @param isJson {@code -j}: an object a line; not with the first three
 */
public record DisplayMode(
        boolean isFolded, boolean hidesNames, boolean hidesValues, boolean isExpanded, boolean isJson) {}
