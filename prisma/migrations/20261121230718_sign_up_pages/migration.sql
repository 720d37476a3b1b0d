-- CreateTable
CREATE TABLE "sign_up_page" (
    "organisation_id" TEXT NOT NULL,
    "connection_id" TEXT NOT NULL,
    "page" JSONB NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sign_up_page_pkey" PRIMARY KEY ("organisation_id","connection_id")
);

-- CreateTable
CREATE TABLE "sign_up_visit" (
    "organisation_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "connection_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "code_hash" TEXT NOT NULL,
    "buyer_account_id" TEXT NOT NULL,
    "license" TEXT,
    "product_code" TEXT,
    "agreement_id" TEXT,
    "sealed_answers" TEXT,
    "email_digest" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "sign_up_visit_pkey" PRIMARY KEY ("organisation_id","id")
);

-- CreateIndex
CREATE UNIQUE INDEX "sign_up_visit_code_hash_key" ON "sign_up_visit"("code_hash");

-- CreateIndex
CREATE INDEX "sign_up_visit_organisation_id_agreement_id_idx" ON "sign_up_visit"("organisation_id", "agreement_id");

-- CreateIndex
CREATE INDEX "sign_up_visit_email_digest_idx" ON "sign_up_visit"("email_digest");

-- Each organisation sees its own.
GRANT SELECT, INSERT, UPDATE, DELETE ON sign_up_page, sign_up_visit TO syndic_tenant;
ALTER TABLE sign_up_page ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON sign_up_page TO syndic_tenant
  USING (organisation_id = (SELECT current_setting('syndic.organisation', true)))
  WITH CHECK (organisation_id = (SELECT current_setting('syndic.organisation', true)));
ALTER TABLE sign_up_visit ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON sign_up_visit TO syndic_tenant
  USING (organisation_id = (SELECT current_setting('syndic.organisation', true)))
  WITH CHECK (organisation_id = (SELECT current_setting('syndic.organisation', true)));

-- Whoever is forgotten is forgotten here too.
GRANT SELECT ON sign_up_visit TO syndic_installation;
GRANT UPDATE (sealed_answers, email_digest) ON sign_up_visit TO syndic_installation;
CREATE POLICY installation ON sign_up_visit TO syndic_installation USING (true) WITH CHECK (true);
