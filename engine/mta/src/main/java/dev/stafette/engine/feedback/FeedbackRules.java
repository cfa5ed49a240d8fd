// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.feedback;

import dev.stafette.codec.report.FieldValues;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.event.ReplyRules;

/**
 * How reports are understood.
 * Thread: any (a value).
 *
 * @param tenantField of a header; empty: there is none
 * @param campaignField the same
 */
record FeedbackRules(ReplyRules classes, String tenantField, String campaignField) {
    static FeedbackRules of(Settings settings) {
        return new FeedbackRules(
                ReplyRules.of(settings), settings.text("tenant_header_field"), settings.text("campaign_header_field"));
    }

    String tenant(FieldValues returned) {
        return tenantField.isEmpty() ? "" : returned.first(tenantField);
    }

    String campaign(FieldValues returned) {
        return campaignField.isEmpty() ? "" : returned.first(campaignField);
    }
}
