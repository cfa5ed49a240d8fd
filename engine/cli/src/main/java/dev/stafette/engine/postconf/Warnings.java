// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.postconf;

/** Takes what somebody should know and what keeps nothing from going on. */
public interface Warnings {
    void warn(String text);
}
