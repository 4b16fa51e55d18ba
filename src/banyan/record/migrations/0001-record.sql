-- The record's layout: one table per resource type, side tables, history, places of client-made ids, the feed.
-- depends:

CREATE SCHEMA record;

-- One number for every current row of every type: the side tables and the cursors of searches refer to it.
-- A process takes 256 numbers at a time.
CREATE SEQUENCE record.row INCREMENT BY 256;

CREATE FUNCTION record.make_type(name text) RETURNS void LANGUAGE plpgsql AS $make$
BEGIN
  EXECUTE format($table$
    CREATE TABLE record.%1$I (
      row bigint NOT NULL,
      shard smallint NOT NULL,
      id text COLLATE "C" NOT NULL,
      version integer NOT NULL,
      last_updated timestamptz NOT NULL,
      self bigint NOT NULL,
      code bigint,
      date_lo double precision NOT NULL,
      date_hi double precision NOT NULL,
      sensitivity smallint NOT NULL,
      patient text COLLATE "C",
      institution text COLLATE "C",
      digest bytea NOT NULL,
      keys bigint[] NOT NULL,
      body bytea NOT NULL,
      PRIMARY KEY (id, shard)
    ) WITH (fillfactor = 90);
    CREATE UNIQUE INDEX ON record.%1$I (row);
    CREATE INDEX ON record.%1$I (patient, date_lo, row) WHERE patient IS NOT NULL;
    CREATE INDEX ON record.%1$I (code, date_lo, row) WHERE code IS NOT NULL;
    CREATE INDEX ON record.%1$I (date_lo, row);
    CREATE INDEX ON record.%1$I (last_updated, row);
    CREATE INDEX ON record.%1$I USING gin (keys);
  $table$, name);
END
$make$;

-- Other ordered values: dates in seconds since 1970, numbers, quantities within their unit.
CREATE TABLE record.ordered (
  parameter integer NOT NULL,
  unit bigint NOT NULL,
  lo double precision NOT NULL,
  hi double precision NOT NULL,
  row bigint NOT NULL
);
CREATE INDEX ON record.ordered (row);
CREATE INDEX ON record.ordered (parameter, unit, lo, row);

-- Folded strings, their pinyin and initials.
CREATE TABLE record.string (
  parameter integer NOT NULL,
  row bigint NOT NULL,
  value text COLLATE "C" NOT NULL
);
CREATE INDEX ON record.string (row);
CREATE INDEX ON record.string (parameter, value);

-- Versions that are no longer current, and deletions. Append-only; no search touches it.
CREATE TABLE record.history (
  type text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  version integer NOT NULL,
  shard smallint NOT NULL,
  last_updated timestamptz NOT NULL,
  deleted boolean NOT NULL,
  sensitivity smallint NOT NULL,
  patient text COLLATE "C",
  institution text COLLATE "C",
  body bytea NOT NULL,
  PRIMARY KEY (type, id, version, shard)
);
CREATE INDEX ON record.history (type, last_updated);

-- Where a resource lives whose id a client made, and the last version of what was deleted: ids are never reused.
CREATE TABLE record.place (
  type text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  shard smallint NOT NULL,
  deleted_version integer,
  PRIMARY KEY (type, id)
);

-- How often a key occurs: guides the search compiler. An estimate, written apart from the transactions.
CREATE TABLE record.key_count (
  key bigint PRIMARY KEY,
  n bigint NOT NULL
);

-- Keys that occur as a resource's second or later code: the index on the main code does not find all of these.
CREATE TABLE record.second_code (
  key bigint PRIMARY KEY
);

-- The change feed: each writing transaction leaves one row; positions are given after commit, apart.
CREATE TABLE record.change (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  shard smallint NOT NULL DEFAULT 0,
  transaction xid8 NOT NULL DEFAULT pg_current_xact_id(),
  at timestamptz NOT NULL,
  author bytea NOT NULL,
  entries bytea NOT NULL,
  events bytea NOT NULL
);
CREATE INDEX ON record.change (transaction);

CREATE TABLE record.position (
  shard smallint NOT NULL,
  position bigint NOT NULL,
  seq bigint NOT NULL,
  PRIMARY KEY (shard, position)
);
CREATE UNIQUE INDEX ON record.position (seq);

-- `seen`: the snapshot of the last look; what became visible since then has no position yet.
CREATE TABLE record.feed (
  shard smallint PRIMARY KEY,
  epoch text NOT NULL,
  seen pg_snapshot NOT NULL
);
INSERT INTO record.feed VALUES (0, substr(md5(gen_random_uuid()::text), 1, 12), pg_current_snapshot());

DO $do$ BEGIN PERFORM record.make_type(name) FROM regexp_split_to_table(trim($types$
account activitydefinition adverseevent allergyintolerance appointment appointmentresponse auditevent basic
binary biologicallyderivedproduct bodystructure bundle capabilitystatement careplan careteam catalogentry
chargeitem chargeitemdefinition claim claimresponse clinicalimpression codesystem communication
communicationrequest compartmentdefinition composition conceptmap condition consent contract coverage
coverageeligibilityrequest coverageeligibilityresponse detectedissue device devicedefinition devicemetric
devicerequest deviceusestatement diagnosticreport documentmanifest documentreference effectevidencesynthesis
encounter endpoint enrollmentrequest enrollmentresponse episodeofcare eventdefinition evidence
evidencevariable examplescenario explanationofbenefit familymemberhistory flag goal graphdefinition group
guidanceresponse healthcareservice imagingstudy immunization immunizationevaluation
immunizationrecommendation implementationguide insuranceplan invoice library linkage list location measure
measurereport media medication medicationadministration medicationdispense medicationknowledge
medicationrequest medicationstatement medicinalproduct medicinalproductauthorization
medicinalproductcontraindication medicinalproductindication medicinalproductingredient
medicinalproductinteraction medicinalproductmanufactured medicinalproductpackaged
medicinalproductpharmaceutical medicinalproductundesirableeffect messagedefinition messageheader
molecularsequence namingsystem nutritionorder observation observationdefinition operationdefinition
operationoutcome organization organizationaffiliation parameters patient paymentnotice paymentreconciliation
person plandefinition practitioner practitionerrole procedure provenance questionnaire questionnaireresponse
relatedperson requestgroup researchdefinition researchelementdefinition researchstudy researchsubject
riskassessment riskevidencesynthesis schedule searchparameter servicerequest slot specimen
specimendefinition structuredefinition structuremap subscription substance substancenucleicacid
substancepolymer substanceprotein substancereferenceinformation substancesourcematerial
substancespecification supplydelivery supplyrequest task terminologycapabilities testreport testscript
valueset verificationresult visionprescription
$types$, E' \n'), '\s+') AS name; END $do$;

-- Two transactions that wait for each other are told apart soon; whoever lost begins again (Record.run).
DO $do$ BEGIN
  EXECUTE format('ALTER ROLE %I SET deadlock_timeout = ''50ms''', current_user);
EXCEPTION WHEN insufficient_privilege THEN
  NULL;  -- a served PostgreSQL whose owner keeps this to himself
END $do$;
