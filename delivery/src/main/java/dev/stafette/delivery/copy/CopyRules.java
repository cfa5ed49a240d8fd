// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.copy;

/**
 * What a copy has that the stored message has not.
 * Thread: any (a value).
 *
 * @param fromLine {@code From sender  date} in front, as files of many messages and UUCP have it
 * @param returnPath {@code Return-Path:} in front
 * @param originalTo {@code X-Original-To:} in front
 * @param deliveredTo {@code Delivered-To:} in front
 * @param quoteFrom {@code >} before lines that begin with {@code From }
 * @param doubleDots a dot before lines that begin with one
 * @param blankLine an empty line at the end
 * @param lineEnd of each line
 */
public record CopyRules(
        boolean fromLine,
        boolean returnPath,
        boolean originalTo,
        boolean deliveredTo,
        boolean quoteFrom,
        boolean doubleDots,
        boolean blankLine,
        String lineEnd) {
    /** The message and nothing else, with lines that end in LF. */
    public static final CopyRules PLAIN = new CopyRules(false, false, false, false, false, false, false, "\n");
}
