-- What changes too fast, or is too large, for versions of a FHIR resource; and the inbox of the crews' facts.
-- depends:

create schema emergency;

create sequence emergency.case_number;

-- A unit at work: its state and place now. What concerns a patient is in the record as well (Task, time points).
create table emergency.unit (
    unit          text primary key,
    state         text not null default 'available',
    state_at      timestamptz not null,
    case_id       text,
    task_id       text,
    lat           double precision,
    lon           double precision,
    heading       real,
    speed_kmh     real,
    position_at   timestamptz,
    heard_at      timestamptz,
    silent_since  timestamptz,
    shift_ends    timestamptz,
    crew          text
);

create table emergency.position (
    unit      text not null,
    at        timestamptz not null,
    case_id   text,
    lat       double precision not null,
    lon       double precision not null,
    heading   real,
    speed_kmh real,
    source    text not null,
    primary key (unit, at)
);
create index position_of_case on emergency.position (case_id, at) where case_id is not null;

-- One row a fact: the receipt that makes a retry harmless, and the list of what could not be filed.
create table emergency.fact (
    id          uuid primary key,
    case_id     text not null,
    kind        text not null,
    at          timestamptz not null,
    received_at timestamptz not null,
    device_at   timestamptz,
    offset_ms   integer,
    source      text not null,
    account     text not null,
    unit        text,
    digest      bytea not null,
    status      text not null,
    reason      text,
    fact        jsonb not null,
    written     text[] not null default '{}',
    settled_by  text,
    settled_at  timestamptz
);
create index fact_parked on emergency.fact (case_id) where status = 'parked';

-- ECG as it was received: one row a frame, never changed.
create table emergency.ecg_frame (
    signal   uuid not null,
    seq      bigint not null,
    case_id  text not null,
    at       timestamptz not null,
    digest   bytea not null,
    frame    bytea not null,
    primary key (signal, seq)
);
alter table emergency.ecg_frame alter column frame set storage external;
create index ecg_frame_of_case on emergency.ecg_frame (case_id, at);

create table emergency.alarm (
    id        uuid primary key,
    case_id   text,
    unit      text,
    hospital  text,
    kind      text not null,
    priority  text not null,
    message   text not null,
    params    jsonb not null default '{}',
    at        timestamptz not null,
    taken_by  text,
    taken_at  timestamptz,
    ended_at  timestamptz
);
create index alarm_open on emergency.alarm (at) where ended_at is null;
create unique index alarm_once on emergency.alarm (kind, coalesce(case_id, ''), coalesce(unit, ''))
    where ended_at is null;

create table emergency.push_subscription (
    endpoint  text primary key,
    account   text not null,
    keys      jsonb not null,
    made_at   timestamptz not null
);
