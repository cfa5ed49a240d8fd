// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

import dev.stafette.engine.metrics.Count;
import dev.stafette.engine.metrics.StageSummary;

/**
 * What answers are made of: the list of their rows, as values.
 * Thread: any (values).
 */
sealed interface AnswerRow
        permits AnswerRow.ProcessFound,
                AnswerRow.Warning,
                AnswerRow.MessageChanged,
                AnswerRow.MessagesChanged,
                QueuedMessage,
                QueuedEnvelope,
                AnswerRow.MaildropFile,
                AnswerRow.Content,
                AnswerRow.DomainCounts,
                AnswerRow.StageTimes,
                AnswerRow.Counted,
                AnswerRow.HlogLine {
    /** The process that answers. */
    record ProcessFound(long pid) implements AnswerRow {}

    /** Of a reload. */
    record Warning(String text) implements AnswerRow {}

    /** A message that was asked for by its name. */
    record MessageChanged(String id) implements AnswerRow {}

    /** So many more of all. */
    record MessagesChanged(int count) implements AnswerRow {}

    /** What follows is a file of {@code maildrop/}. */
    record MaildropFile() implements AnswerRow {}

    /** The next piece of content, as it is stored. */
    record Content(byte[] bytes) implements AnswerRow {}

    /** One number for each age group; the domain is empty for the null reverse-path. */
    record DomainCounts(String domain, long[] counts) implements AnswerRow {}

    /** The latencies of one stage. */
    record StageTimes(StageSummary summary) implements AnswerRow {}

    /** A count since the start. */
    record Counted(Count count, long value) implements AnswerRow {}

    /** The next line of an HdrHistogram log. */
    record HlogLine(String text) implements AnswerRow {}
}
