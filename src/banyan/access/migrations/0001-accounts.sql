-- Accounts, sessions, tokens, devices, grants and the audit trail.
-- depends:

create schema access;

create table access.account (
  name text primary key,
  display text not null,
  password text,
  roles text[] not null default '{}',
  institution text,
  practitioner text,
  patient text,
  locale text not null default 'zh-CN',
  kind text not null default 'person' check (kind in ('person', 'system', 'device')),
  valid_until timestamptz,
  disabled_at timestamptz,
  created_at timestamptz not null default now(),
  password_at timestamptz,
  last_seen timestamptz
);

create table access.federated (
  provider text not null,
  subject text not null,
  account text not null references access.account on delete cascade,
  primary key (provider, subject)
);

create table access.device (
  id text primary key,
  label text not null default '',
  account text references access.account on delete cascade,
  first_seen timestamptz not null default now(),
  last_seen timestamptz not null default now(),
  lost_at timestamptz,
  lost_by text
);
create index device_account on access.device (account);

create table access.session (
  id uuid primary key default gen_random_uuid(),
  secret bytea not null unique,
  account text not null references access.account on delete cascade,
  device text references access.device,
  agent text not null default '',
  address text not null default '',
  via text not null default 'password',
  created_at timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  idle interval not null,
  until timestamptz not null,
  revoked_at timestamptz,
  revoked_by text
);
create index session_account on access.session (account);
create index session_device on access.session (device);

create table access.token (
  id uuid primary key default gen_random_uuid(),
  secret bytea not null unique,
  account text not null references access.account on delete cascade,
  label text not null default '',
  created_at timestamptz not null default now(),
  until timestamptz,
  seen_at timestamptz,
  revoked_at timestamptz
);
create index token_account on access.token (account);

create table access.reset (
  secret bytea primary key,
  account text not null references access.account on delete cascade,
  made_by text not null,
  created_at timestamptz not null default now(),
  until timestamptz not null,
  used_at timestamptz
);

create table access.failure (
  subject text not null,
  at timestamptz not null default now()
);
create index failure_subject on access.failure (subject, at);

create table access.oidc_login (
  state text primary key,
  provider text not null,
  nonce text not null,
  verifier text not null,
  next text not null,
  device text,
  created_at timestamptz not null default now()
);

create table access.grant (
  id bigint generated always as identity primary key,
  patient text not null,
  institution text,
  account text,
  role text,
  unit text,
  purpose text not null default 'TREAT',
  sensitivity smallint not null default 4,
  starts timestamptz not null,
  until timestamptz,
  because text not null,
  made_by text not null,
  made_at timestamptz not null default now(),
  check (institution is not null or account is not null or unit is not null)
);
create index grant_patient on access.grant (patient, purpose);
create index grant_account on access.grant (account) where account is not null;
create index grant_institution on access.grant (institution) where institution is not null;
create index grant_unit on access.grant (unit) where unit is not null;

create table access.review (
  "grant" bigint primary key references access.grant,
  reviewed_by text not null,
  reviewed_at timestamptz not null default now(),
  verdict text not null check (verdict in ('justified', 'unjustified')),
  note text not null default ''
);

create table access.audit (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  account text not null,
  display text not null,
  roles text[] not null,
  institution text,
  session text,
  device text,
  purpose text not null,
  action text not null,
  outcome text not null check (outcome in ('done', 'denied', 'failed')),
  what text not null default '',
  entities text[] not null default '{}',
  patients text[] not null default '{}',
  detail text not null default ''
);
create index audit_patients on access.audit using gin (patients) with (fastupdate = off);
create index audit_account on access.audit (account, id);
create index audit_at on access.audit (at);

create table access.seal (
  number bigint primary key,
  ids bigint[] not null,
  hashes bytea not null,
  root bytea not null,
  previous bytea not null,
  low_water bigint not null,
  sealed_at timestamptz not null,
  signature bytea not null
);

create table access.shift (
  id bigint generated always as identity primary key,
  account text not null references access.account on delete cascade,
  unit text not null,
  device text,
  starts timestamptz not null,
  until timestamptz not null,
  ended_at timestamptz
);
create index shift_open on access.shift (account) where ended_at is null;
