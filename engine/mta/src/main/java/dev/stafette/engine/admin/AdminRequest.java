// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

import dev.stafette.engine.admin.QueuedMessage.QueueName;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What may be asked of administration: the list of its commands, as values. {@link AdminCommands} says who answers each,
 * a codec such as {@link LineCodec} how it is written.
 * Thread: any (values).
 */
public sealed interface AdminRequest {
    /** The word for it. */
    String command();

    /** Which process is there. */
    record Status() implements AdminRequest {
        @Override
        public String command() {
            return "status";
        }
    }

    /** To end in good order. */
    record Stop() implements AdminRequest {
        @Override
        public String command() {
            return "stop";
        }
    }

    /** To end at once. */
    record Abort() implements AdminRequest {
        @Override
        public String command() {
            return "abort";
        }
    }

    /** To read the configuration again. */
    record Reload() implements AdminRequest {
        @Override
        public String command() {
            return "reload";
        }
    }

    /** To make deferred mail due: what is for the domain {@code site}, else the message {@code id}, else all of it. */
    record Flush(@Nullable String id, @Nullable String site) implements AdminRequest {
        /** All of it. */
        public Flush() {
            this(null, null);
        }

        @Override
        public String command() {
            return "flush";
        }
    }

    /** All messages with who waits for them. */
    record ListMessages() implements AdminRequest {
        @Override
        public String command() {
            return "list";
        }
    }

    /**
     * To change messages.
     *
     * @param ids null: all messages
     * @param queues where they may be; null: anywhere
     */
    record ChangeMessages(
            Change change,
            @Nullable List<String> ids,
            @Nullable Set<QueueName> queues) implements AdminRequest {
        @Override
        public String command() {
            return "change";
        }
    }

    /** To put a line into the mail log, of whoever asked for changes. */
    record Note(String text) implements AdminRequest {
        @Override
        public String command() {
            return "change";
        }
    }

    /** A message's envelope, and its content if that is wanted. */
    record ReadMessage(String id, boolean withContent) implements AdminRequest {
        @Override
        public String command() {
            return "read";
        }
    }

    /**
     * How much waits by domain and age.
     *
     * @param senders messages by their sender's domain, not recipients by theirs
     * @param ageLimitsSeconds where one age group ends and the next begins, ascending
     */
    record CountDomains(Set<QueueName> queues, boolean senders, List<Long> ageLimitsSeconds) implements AdminRequest {
        @Override
        public String command() {
            return "shape";
        }
    }

    /** Latencies and counts. */
    record Stats() implements AdminRequest {
        @Override
        public String command() {
            return "stats";
        }
    }

    /** The histograms of the latencies, as lines of an HdrHistogram log. */
    record Hlog() implements AdminRequest {
        @Override
        public String command() {
            return "hlog";
        }
    }
}
