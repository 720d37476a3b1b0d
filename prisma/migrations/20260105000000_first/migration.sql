-- CreateTable
CREATE TABLE "organisation" (
    "id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "organisation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "connection" (
    "organisation_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "cloud" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "settings" JSONB NOT NULL,
    "sealed_credentials" TEXT NOT NULL,
    "tested_at" TIMESTAMPTZ(3),
    "test_result" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "connection_pkey" PRIMARY KEY ("organisation_id","id")
);

-- CreateTable
CREATE TABLE "product" (
    "organisation_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "short_description" TEXT NOT NULL,
    "long_description" TEXT NOT NULL,
    "details" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "product_pkey" PRIMARY KEY ("organisation_id","id")
);

-- CreateTable
CREATE TABLE "dimension" (
    "organisation_id" TEXT NOT NULL,
    "product_id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "unit" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "aggregation" TEXT NOT NULL,
    "multiplier" DECIMAL(38,12) NOT NULL,
    "position" INTEGER NOT NULL,

    CONSTRAINT "dimension_pkey" PRIMARY KEY ("organisation_id","product_id","key")
);

-- CreateTable
CREATE TABLE "listing" (
    "organisation_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "product_id" TEXT NOT NULL,
    "connection_id" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "cloud_product_id" TEXT,
    "cloud_offer_id" TEXT,
    "product_code" TEXT,
    "prices" JSONB NOT NULL,
    "draft" JSONB NOT NULL,
    "problems" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "listing_pkey" PRIMARY KEY ("organisation_id","id")
);

-- CreateTable
CREATE TABLE "deal" (
    "organisation_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "product_id" TEXT NOT NULL,
    "buyer_name" TEXT NOT NULL,
    "buyer_accounts" JSONB NOT NULL,
    "terms" JSONB NOT NULL,
    "state" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "deal_pkey" PRIMARY KEY ("organisation_id","id")
);

-- CreateTable
CREATE TABLE "offer" (
    "organisation_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "vendor_organisation_id" TEXT NOT NULL,
    "deal_id" TEXT,
    "connection_id" TEXT NOT NULL,
    "authorization_id" TEXT,
    "channel" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "terms" JSONB NOT NULL,
    "wholesale" JSONB,
    "markup_percent" DECIMAL(20,8),
    "expires_on" TEXT NOT NULL,
    "buyer_account_ids" JSONB NOT NULL,
    "cloud_product_id" TEXT NOT NULL,
    "cloud_offer_id" TEXT,
    "problems" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "offer_pkey" PRIMARY KEY ("organisation_id","id")
);

-- CreateTable
CREATE TABLE "timeline_event" (
    "organisation_id" TEXT NOT NULL,
    "sequence" BIGSERIAL NOT NULL,
    "subject_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "sentence" TEXT NOT NULL,
    "cloud_words" JSONB,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "timeline_event_pkey" PRIMARY KEY ("organisation_id","sequence")
);

-- CreateTable
CREATE TABLE "resale_authorization" (
    "organisation_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "deal_id" TEXT NOT NULL,
    "connection_id" TEXT NOT NULL,
    "cloud" TEXT NOT NULL,
    "reseller_organisation_id" TEXT,
    "reseller_account_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "terms" JSONB NOT NULL,
    "markup_min_percent" DECIMAL(20,8) NOT NULL,
    "markup_max_percent" DECIMAL(20,8) NOT NULL,
    "expires_on" TEXT NOT NULL,
    "single_use" BOOLEAN NOT NULL,
    "buyer_account_ids" JSONB NOT NULL,
    "cloud_product_id" TEXT NOT NULL,
    "cloud_authorization_id" TEXT,
    "problems" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "resale_authorization_pkey" PRIMARY KEY ("organisation_id","id")
);

-- CreateTable
CREATE TABLE "agreement" (
    "organisation_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "connection_id" TEXT NOT NULL,
    "cloud" TEXT NOT NULL,
    "cloud_agreement_id" TEXT NOT NULL,
    "cloud_offer_id" TEXT,
    "cloud_authorization_id" TEXT,
    "cloud_product_id" TEXT,
    "product_code" TEXT,
    "license" TEXT,
    "plan" TEXT,
    "product_id" TEXT,
    "deal_id" TEXT,
    "offer_id" TEXT,
    "authorization_id" TEXT,
    "role" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "cloud_state" TEXT NOT NULL,
    "buyer_account_id" TEXT NOT NULL,
    "seller_account_id" TEXT NOT NULL,
    "currency" TEXT,
    "terms" JSONB NOT NULL,
    "wholesale" JSONB,
    "entitlements" JSONB NOT NULL,
    "accepted_at" TIMESTAMPTZ(3),
    "starts_at" TIMESTAMPTZ(3),
    "ends_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "signed_up_at" TIMESTAMPTZ(3),
    "sign_up" JSONB,
    "cloud_updated_at" TIMESTAMPTZ(3),
    "evidence" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "agreement_pkey" PRIMARY KEY ("organisation_id","id")
);

-- CreateTable
CREATE TABLE "usage_claim" (
    "organisation_id" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "event_id" TEXT NOT NULL,
    "sequence" BIGINT NOT NULL,
    "claimed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "usage_claim_pkey" PRIMARY KEY ("organisation_id","source","event_id")
);

-- CreateTable
CREATE TABLE "usage_event" (
    "organisation_id" TEXT NOT NULL,
    "sequence" BIGSERIAL NOT NULL,
    "source" TEXT NOT NULL,
    "event_id" TEXT NOT NULL,
    "agreement_id" TEXT NOT NULL,
    "dimension" TEXT NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "hour" TIMESTAMPTZ(3) NOT NULL,
    "quantity" DECIMAL(38,12) NOT NULL,
    "quantity_stated" BOOLEAN NOT NULL,
    "attributes" JSONB NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "rolled_up" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "usage_event_pkey" PRIMARY KEY ("organisation_id","sequence")
);

-- CreateTable
CREATE TABLE "usage_hour" (
    "organisation_id" TEXT NOT NULL,
    "agreement_id" TEXT NOT NULL,
    "dimension" TEXT NOT NULL,
    "hour" TIMESTAMPTZ(3) NOT NULL,
    "state" TEXT NOT NULL,
    "events" INTEGER NOT NULL,
    "measured" DECIMAL(38,12) NOT NULL,
    "used" DECIMAL(38,12) NOT NULL,
    "drawn" DECIMAL(38,12) NOT NULL,
    "sent" DECIMAL(38,12) NOT NULL,
    "carried_in" DECIMAL(38,12) NOT NULL,
    "carried_out" DECIMAL(38,12) NOT NULL,
    "lost" DECIMAL(38,12) NOT NULL,
    "late" DECIMAL(38,12) NOT NULL,
    "late_pending" DECIMAL(38,12) NOT NULL,
    "deadline_at" TIMESTAMPTZ(3) NOT NULL,
    "closed_at" TIMESTAMPTZ(3),

    CONSTRAINT "usage_hour_pkey" PRIMARY KEY ("organisation_id","agreement_id","dimension","hour")
);

-- CreateTable
CREATE TABLE "usage_meter" (
    "organisation_id" TEXT NOT NULL,
    "agreement_id" TEXT NOT NULL,
    "dimension" TEXT NOT NULL,
    "connection_id" TEXT NOT NULL,
    "carry" DECIMAL(38,12) NOT NULL,
    "carry_hour" TIMESTAMPTZ(3),
    "next_close_at" TIMESTAMPTZ(3),

    CONSTRAINT "usage_meter_pkey" PRIMARY KEY ("organisation_id","agreement_id","dimension")
);

-- CreateTable
CREATE TABLE "usage_record" (
    "organisation_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "connection_id" TEXT NOT NULL,
    "agreement_id" TEXT NOT NULL,
    "dimension" TEXT NOT NULL,
    "hour" TIMESTAMPTZ(3) NOT NULL,
    "source_hour" TIMESTAMPTZ(3) NOT NULL,
    "quantity" DECIMAL(38,12) NOT NULL,
    "state" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL,
    "operation_id" TEXT,
    "cloud_record_id" TEXT,
    "reason" TEXT,
    "deadline_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "settled_at" TIMESTAMPTZ(3),

    CONSTRAINT "usage_record_pkey" PRIMARY KEY ("organisation_id","id")
);

-- CreateTable
CREATE TABLE "usage_reading" (
    "organisation_id" TEXT NOT NULL,
    "cloud_agreement_id" TEXT NOT NULL,
    "dimension" TEXT NOT NULL,
    "on_date" TEXT NOT NULL,
    "quantity" DECIMAL(38,12) NOT NULL,
    "statement_id" TEXT NOT NULL,
    "read_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "usage_reading_pkey" PRIMARY KEY ("organisation_id","cloud_agreement_id","dimension","on_date")
);

-- CreateTable
CREATE TABLE "work" (
    "organisation_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "deadline_at" TIMESTAMPTZ(3) NOT NULL,
    "lease_until" TIMESTAMPTZ(3),
    "lease_owner" TEXT,
    "attempts" INTEGER NOT NULL,
    "generation" INTEGER NOT NULL,
    "last_error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "work_pkey" PRIMARY KEY ("organisation_id","kind","key")
);

-- CreateTable
CREATE TABLE "operation" (
    "organisation_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "connection_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "subject_id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "request" JSONB NOT NULL,
    "state" TEXT NOT NULL,
    "reference" TEXT,
    "target" JSONB,
    "problems" JSONB NOT NULL,
    "attempts" INTEGER NOT NULL,
    "human_task" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "operation_pkey" PRIMARY KEY ("organisation_id","id")
);

-- CreateTable
CREATE TABLE "operation_attempt" (
    "organisation_id" TEXT NOT NULL,
    "operation_id" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "purpose" TEXT NOT NULL,
    "sent_at" TIMESTAMPTZ(3) NOT NULL,
    "answered_at" TIMESTAMPTZ(3),
    "outcome" TEXT NOT NULL,
    "fault" TEXT,
    "cloud_code" TEXT,
    "message" TEXT,
    "evidence" JSONB,

    CONSTRAINT "operation_attempt_pkey" PRIMARY KEY ("organisation_id","operation_id","number")
);

-- CreateTable
CREATE TABLE "quota_bucket" (
    "organisation_id" TEXT NOT NULL,
    "connection_id" TEXT NOT NULL,
    "quota" TEXT NOT NULL,
    "tokens" DECIMAL(20,6) NOT NULL,
    "filled_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "quota_bucket_pkey" PRIMARY KEY ("organisation_id","connection_id","quota")
);

-- CreateTable
CREATE TABLE "pull_cursor" (
    "organisation_id" TEXT NOT NULL,
    "connection_id" TEXT NOT NULL,
    "feed" TEXT NOT NULL,
    "cursor" TEXT,
    "pulled_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "pull_cursor_pkey" PRIMARY KEY ("organisation_id","connection_id","feed")
);

-- CreateTable
CREATE TABLE "inbox_message" (
    "organisation_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "connection_id" TEXT NOT NULL,
    "message_id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "reason" TEXT,
    "headers" JSONB NOT NULL,
    "body" TEXT NOT NULL,
    "hints" JSONB NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "processed_at" TIMESTAMPTZ(3),

    CONSTRAINT "inbox_message_pkey" PRIMARY KEY ("organisation_id","id")
);

-- CreateTable
CREATE TABLE "statement" (
    "organisation_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "connection_id" TEXT,
    "source" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "format" TEXT,
    "version" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "parts" JSONB NOT NULL,
    "bytes" BIGINT NOT NULL,
    "state" TEXT NOT NULL,
    "problem" JSONB,
    "lines_read" INTEGER NOT NULL,
    "lines_new" INTEGER NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "imported_at" TIMESTAMPTZ(3),

    CONSTRAINT "statement_pkey" PRIMARY KEY ("organisation_id","id")
);

-- CreateTable
CREATE TABLE "statement_line" (
    "organisation_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "statement_id" TEXT NOT NULL,
    "connection_id" TEXT,
    "source" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "current" BOOLEAN NOT NULL,
    "deleted" BOOLEAN NOT NULL,
    "kind" TEXT NOT NULL,
    "stage" TEXT NOT NULL,
    "amount" DECIMAL(38,12) NOT NULL,
    "currency" TEXT NOT NULL,
    "asset" TEXT NOT NULL,
    "minor" BIGINT NOT NULL,
    "cloud_agreement_id" TEXT,
    "cloud_offer_id" TEXT,
    "dimension" TEXT,
    "invoice_id" TEXT,
    "parent_key" TEXT,
    "disbursement_key" TEXT,
    "bank_reference" TEXT,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "period_starts_on" TEXT,
    "period_ends_on" TEXT,
    "counts" BOOLEAN NOT NULL,
    "raw" JSONB NOT NULL,
    "state" TEXT NOT NULL,
    "agreement_id" TEXT,
    "imported_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "statement_line_pkey" PRIMARY KEY ("organisation_id","id")
);

-- CreateTable
CREATE TABLE "expectation" (
    "organisation_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "agreement_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "dimension" TEXT,
    "sale_key" TEXT,
    "due_on" TEXT NOT NULL,
    "period_starts_on" TEXT NOT NULL,
    "period_ends_on" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,
    "asset" TEXT NOT NULL,
    "arithmetic" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "expectation_pkey" PRIMARY KEY ("organisation_id","id")
);

-- CreateTable
CREATE TABLE "match" (
    "organisation_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "line_id" TEXT NOT NULL,
    "expectation_id" TEXT,
    "agreement_id" TEXT,
    "revision" INTEGER NOT NULL,
    "current" BOOLEAN NOT NULL,
    "stage" TEXT NOT NULL,
    "expected" BIGINT NOT NULL,
    "received" BIGINT NOT NULL,
    "asset" TEXT NOT NULL,
    "causes" JSONB NOT NULL,
    "booked" JSONB NOT NULL,
    "matched_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "match_pkey" PRIMARY KEY ("organisation_id","id")
);

-- CreateTable
CREATE TABLE "exception_item" (
    "organisation_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "subject_id" TEXT NOT NULL,
    "sentence" TEXT NOT NULL,
    "fix" TEXT NOT NULL,
    "asset" TEXT,
    "amount" BIGINT,
    "state" TEXT NOT NULL,
    "owner" TEXT,
    "note" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "resolved_at" TIMESTAMPTZ(3),

    CONSTRAINT "exception_item_pkey" PRIMARY KEY ("organisation_id","id")
);

-- CreateTable
CREATE TABLE "entry" (
    "organisation_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "sequence" BIGSERIAL NOT NULL,
    "reference" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "book_date" TEXT NOT NULL,
    "basis" TEXT NOT NULL,
    "evidence" JSONB NOT NULL,
    "reverses" TEXT,
    "body_hash" TEXT NOT NULL,

    CONSTRAINT "entry_pkey" PRIMARY KEY ("organisation_id","id")
);

-- CreateTable
CREATE TABLE "posting" (
    "organisation_id" TEXT NOT NULL,
    "entry_id" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "entry_sequence" BIGINT NOT NULL,
    "from_account" TEXT NOT NULL,
    "to_account" TEXT NOT NULL,
    "asset" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,
    "book_date" TEXT NOT NULL,

    CONSTRAINT "posting_pkey" PRIMARY KEY ("organisation_id","entry_id","number")
);

-- CreateTable
CREATE TABLE "account_balance" (
    "organisation_id" TEXT NOT NULL,
    "account" TEXT NOT NULL,
    "asset" TEXT NOT NULL,
    "debits" DECIMAL(38,0) NOT NULL,
    "credits" DECIMAL(38,0) NOT NULL,

    CONSTRAINT "account_balance_pkey" PRIMARY KEY ("organisation_id","account","asset")
);

-- CreateTable
CREATE TABLE "unrolled_entry" (
    "organisation_id" TEXT NOT NULL,
    "entry_id" TEXT NOT NULL,

    CONSTRAINT "unrolled_entry_pkey" PRIMARY KEY ("organisation_id","entry_id")
);

-- CreateTable
CREATE TABLE "closed_period" (
    "organisation_id" TEXT NOT NULL,
    "month" TEXT NOT NULL,
    "closed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "closed_period_pkey" PRIMARY KEY ("organisation_id","month")
);

-- CreateTable
CREATE TABLE "commitment" (
    "organisation_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "cloud" TEXT,
    "buyer_account_id" TEXT NOT NULL,
    "asset" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,
    "starts_on" TEXT NOT NULL,
    "ends_on" TEXT NOT NULL,
    "eligible_percent" DECIMAL(20,8) NOT NULL,
    "cap_percent" DECIMAL(20,8) NOT NULL,
    "source" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "commitment_pkey" PRIMARY KEY ("organisation_id","id")
);

-- CreateTable
CREATE TABLE "commitment_drawdown" (
    "organisation_id" TEXT NOT NULL,
    "commitment_id" TEXT NOT NULL,
    "line_key" TEXT NOT NULL,
    "agreement_id" TEXT NOT NULL,
    "asset" TEXT NOT NULL,
    "invoiced" BIGINT NOT NULL,
    "eligible" BIGINT NOT NULL,
    "drawn" BIGINT NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "commitment_drawdown_pkey" PRIMARY KEY ("organisation_id","commitment_id","line_key")
);

-- CreateTable
CREATE TABLE "partner_agreement" (
    "organisation_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "reseller_organisation_id" TEXT,
    "reseller_account_id" TEXT,
    "name" TEXT NOT NULL,
    "share_percent" DECIMAL(20,8) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "partner_agreement_pkey" PRIMARY KEY ("organisation_id","id")
);

-- CreateTable
CREATE TABLE "partner_share" (
    "organisation_id" TEXT NOT NULL,
    "line_key" TEXT NOT NULL,
    "partner_id" TEXT NOT NULL,
    "agreement_id" TEXT NOT NULL,
    "month" TEXT NOT NULL,
    "asset" TEXT NOT NULL,
    "basis" BIGINT NOT NULL,
    "share_percent" DECIMAL(20,8) NOT NULL,
    "rounded" BIGINT NOT NULL,
    "statement_id" TEXT,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "partner_share_pkey" PRIMARY KEY ("organisation_id","line_key")
);

-- CreateTable
CREATE TABLE "partner_statement" (
    "organisation_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "partner_id" TEXT NOT NULL,
    "reseller_organisation_id" TEXT,
    "month" TEXT NOT NULL,
    "asset" TEXT NOT NULL,
    "total" BIGINT NOT NULL,
    "lines" JSONB NOT NULL,
    "digest" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "partner_statement_pkey" PRIMARY KEY ("organisation_id","id")
);

-- CreateTable
CREATE TABLE "idempotency_key" (
    "organisation_id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "request_hash" TEXT NOT NULL,
    "status" INTEGER NOT NULL,
    "answer" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "idempotency_key_pkey" PRIMARY KEY ("organisation_id","key")
);

-- CreateTable
CREATE TABLE "installation" (
    "key" TEXT NOT NULL,
    "value" JSONB NOT NULL,

    CONSTRAINT "installation_pkey" PRIMARY KEY ("key")
);

-- CreateIndex
CREATE UNIQUE INDEX "connection_organisation_id_cloud_account_id_key" ON "connection"("organisation_id", "cloud", "account_id");

-- CreateIndex
CREATE UNIQUE INDEX "connection_id_key" ON "connection"("id");

-- CreateIndex
CREATE UNIQUE INDEX "product_organisation_id_name_key" ON "product"("organisation_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "listing_organisation_id_product_id_connection_id_key" ON "listing"("organisation_id", "product_id", "connection_id");

-- CreateIndex
CREATE INDEX "offer_organisation_id_deal_id_idx" ON "offer"("organisation_id", "deal_id");

-- CreateIndex
CREATE UNIQUE INDEX "offer_connection_id_cloud_offer_id_key" ON "offer"("connection_id", "cloud_offer_id");

-- CreateIndex
CREATE INDEX "timeline_event_organisation_id_subject_id_sequence_idx" ON "timeline_event"("organisation_id", "subject_id", "sequence");

-- CreateIndex
CREATE INDEX "resale_authorization_reseller_organisation_id_idx" ON "resale_authorization"("reseller_organisation_id");

-- CreateIndex
CREATE INDEX "agreement_organisation_id_cloud_agreement_id_idx" ON "agreement"("organisation_id", "cloud_agreement_id");

-- CreateIndex
CREATE UNIQUE INDEX "agreement_organisation_id_connection_id_cloud_agreement_id_key" ON "agreement"("organisation_id", "connection_id", "cloud_agreement_id");

-- CreateIndex
CREATE INDEX "usage_event_organisation_id_rolled_up_sequence_idx" ON "usage_event"("organisation_id", "rolled_up", "sequence");

-- CreateIndex
CREATE INDEX "usage_event_organisation_id_agreement_id_dimension_hour_idx" ON "usage_event"("organisation_id", "agreement_id", "dimension", "hour");

-- CreateIndex
CREATE INDEX "usage_hour_organisation_id_state_hour_idx" ON "usage_hour"("organisation_id", "state", "hour");

-- CreateIndex
CREATE INDEX "usage_meter_organisation_id_connection_id_next_close_at_idx" ON "usage_meter"("organisation_id", "connection_id", "next_close_at");

-- CreateIndex
CREATE INDEX "usage_record_organisation_id_connection_id_state_deadline_a_idx" ON "usage_record"("organisation_id", "connection_id", "state", "deadline_at");

-- CreateIndex
CREATE INDEX "usage_record_organisation_id_agreement_id_dimension_hour_idx" ON "usage_record"("organisation_id", "agreement_id", "dimension", "hour");

-- CreateIndex
CREATE INDEX "usage_record_organisation_id_operation_id_idx" ON "usage_record"("organisation_id", "operation_id");

-- CreateIndex
CREATE UNIQUE INDEX "work_id_key" ON "work"("id");

-- CreateIndex
CREATE INDEX "work_due_at_idx" ON "work"("due_at");

-- CreateIndex
CREATE INDEX "operation_organisation_id_subject_id_idx" ON "operation"("organisation_id", "subject_id");

-- CreateIndex
CREATE INDEX "operation_organisation_id_state_idx" ON "operation"("organisation_id", "state");

-- CreateIndex
CREATE UNIQUE INDEX "operation_organisation_id_key_key" ON "operation"("organisation_id", "key");

-- CreateIndex
CREATE UNIQUE INDEX "inbox_message_organisation_id_connection_id_message_id_key" ON "inbox_message"("organisation_id", "connection_id", "message_id");

-- CreateIndex
CREATE UNIQUE INDEX "statement_organisation_id_source_name_sha256_key" ON "statement"("organisation_id", "source", "name", "sha256");

-- CreateIndex
CREATE INDEX "statement_line_organisation_id_state_idx" ON "statement_line"("organisation_id", "state");

-- CreateIndex
CREATE INDEX "statement_line_organisation_id_statement_id_idx" ON "statement_line"("organisation_id", "statement_id");

-- CreateIndex
CREATE INDEX "statement_line_organisation_id_disbursement_key_idx" ON "statement_line"("organisation_id", "disbursement_key");

-- CreateIndex
CREATE INDEX "statement_line_organisation_id_parent_key_idx" ON "statement_line"("organisation_id", "parent_key");

-- CreateIndex
CREATE INDEX "statement_line_organisation_id_key_idx" ON "statement_line"("organisation_id", "key");

-- CreateIndex
CREATE INDEX "statement_line_organisation_id_agreement_id_idx" ON "statement_line"("organisation_id", "agreement_id");

-- CreateIndex
CREATE INDEX "statement_line_organisation_id_bank_reference_idx" ON "statement_line"("organisation_id", "bank_reference");

-- CreateIndex
CREATE UNIQUE INDEX "statement_line_organisation_id_source_key_version_key" ON "statement_line"("organisation_id", "source", "key", "version");

-- CreateIndex
CREATE INDEX "expectation_organisation_id_agreement_id_idx" ON "expectation"("organisation_id", "agreement_id");

-- CreateIndex
CREATE UNIQUE INDEX "expectation_organisation_id_key_key" ON "expectation"("organisation_id", "key");

-- CreateIndex
CREATE INDEX "match_organisation_id_expectation_id_idx" ON "match"("organisation_id", "expectation_id");

-- CreateIndex
CREATE INDEX "match_organisation_id_agreement_id_idx" ON "match"("organisation_id", "agreement_id");

-- CreateIndex
CREATE UNIQUE INDEX "match_organisation_id_line_id_revision_key" ON "match"("organisation_id", "line_id", "revision");

-- CreateIndex
CREATE UNIQUE INDEX "exception_item_organisation_id_kind_subject_id_key" ON "exception_item"("organisation_id", "kind", "subject_id");

-- CreateIndex
CREATE INDEX "entry_organisation_id_sequence_idx" ON "entry"("organisation_id", "sequence");

-- CreateIndex
CREATE UNIQUE INDEX "entry_organisation_id_reference_key" ON "entry"("organisation_id", "reference");

-- CreateIndex
CREATE INDEX "posting_organisation_id_from_account_idx" ON "posting"("organisation_id", "from_account");

-- CreateIndex
CREATE INDEX "posting_organisation_id_to_account_idx" ON "posting"("organisation_id", "to_account");

-- CreateIndex
CREATE INDEX "posting_organisation_id_entry_sequence_idx" ON "posting"("organisation_id", "entry_sequence");

-- CreateIndex
CREATE INDEX "commitment_drawdown_organisation_id_line_key_idx" ON "commitment_drawdown"("organisation_id", "line_key");

-- CreateIndex
CREATE UNIQUE INDEX "partner_agreement_organisation_id_reseller_account_id_key" ON "partner_agreement"("organisation_id", "reseller_account_id");

-- CreateIndex
CREATE UNIQUE INDEX "partner_agreement_organisation_id_reseller_organisation_id_key" ON "partner_agreement"("organisation_id", "reseller_organisation_id");

-- CreateIndex
CREATE INDEX "partner_share_organisation_id_partner_id_statement_id_idx" ON "partner_share"("organisation_id", "partner_id", "statement_id");

-- CreateIndex
CREATE INDEX "partner_statement_reseller_organisation_id_idx" ON "partner_statement"("reseller_organisation_id");

-- CreateIndex
CREATE UNIQUE INDEX "partner_statement_organisation_id_partner_id_month_asset_key" ON "partner_statement"("organisation_id", "partner_id", "month", "asset");
