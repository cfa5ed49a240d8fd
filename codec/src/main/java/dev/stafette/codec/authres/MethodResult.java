// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.authres;

import java.util.List;

/**
 * What one method came to (RFC 8601 §2.2).
 * Thread: any (a value).
 *
 * @param method {@code dkim}, {@code spf}, {@code dmarc}, {@code arc}
 * @param result its word
 * @param comment for people; may be empty
 * @param properties what it is about
 */
public record MethodResult(String method, String result, String comment, List<Property> properties) {
    /**
     * One property.
     *
     * @param name with its type, as {@code smtp.mailfrom}
     */
    public record Property(String name, String value) {}

    public MethodResult {
        properties = List.copyOf(properties);
    }

    public MethodResult(String method, String result, String comment, Property... properties) {
        this(method, result, comment, List.of(properties));
    }
}
