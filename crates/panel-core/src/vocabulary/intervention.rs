//! What is done with or about a person: programmes, treatment, and tactics that disrupt.

use crate::coded;

coded! {
    /// A programme, treatment or visit.
    pub enum Intervention: "intervention" {
        /// Behaviour change in a group.
        BehaviourChangeGroup = "behaviour_change_group" => "Behaviour change group",
        /// Behaviour change one to one.
        BehaviourChangeOneToOne = "behaviour_change_one_to_one" => "Behaviour change, one to one",
        /// Intensive case management.
        IntensiveCaseManagement = "intensive_case_management" => "Intensive case management",
        /// Psychological intervention for stalking.
        Stalking = "stalking" => "Stalking intervention",
        /// Awareness course, such as one that goes with a conditional caution.
        AwarenessCourse = "awareness_course" => "Awareness course",
        /// Healthy relationships work with young people.
        HealthyRelationships = "healthy_relationships" => "Healthy relationships",
        /// Programme on abuse of parents.
        ChildToParent = "child_to_parent" => "Child-to-parent programme",
        /// Accredited programme in custody or on probation.
        Accredited = "accredited" => "Accredited programme",
        /// Treatment for alcohol or drugs.
        SubstanceTreatment = "substance_treatment" => "Substance treatment",
        /// Mental health treatment.
        MentalHealthTreatment = "mental_health_treatment" => "Mental health treatment",
        /// Housing away from the victim.
        HousingAway = "housing_away" => "Housing away",
        /// Police visit that was announced.
        AnnouncedVisit = "announced_visit" => "Announced police visit",
        /// Police visit that was not announced.
        UnannouncedVisit = "unannounced_visit" => "Unannounced police visit",
    }
}

coded! {
    /// How far an intervention has got.
    pub enum InterventionStatus: "intervention status" {
        /// Offered.
        Offered = "offered" => "Offered",
        /// Declined.
        Declined = "declined" => "Declined",
        /// Assessed as unsuitable.
        Unsuitable = "unsuitable" => "Assessed unsuitable",
        /// On a waiting list.
        Waiting = "waiting" => "Waiting",
        /// Started.
        Started = "started" => "Started",
        /// Attending.
        Attending = "attending" => "Attending",
        /// Dropped out.
        DroppedOut = "dropped_out" => "Dropped out",
        /// Completed.
        Completed = "completed" => "Completed",
        /// Suspended.
        Suspended = "suspended" => "Suspended",
    }
}

coded! {
    /// A tactic that disrupts or enforces; it works whether or not the person engages.
    pub enum Tactic: "tactic" {
        /// Execute an outstanding warrant.
        Warrant = "warrant" => "Outstanding warrant",
        /// Recall to custody.
        Recall = "recall" => "Recall",
        /// Check compliance with bail.
        BailCheck = "bail_check" => "Bail check",
        /// Apply for an order.
        OrderApplication = "order_application" => "Order application",
        /// Act on a breach.
        BreachAction = "breach_action" => "Breach action",
        /// Check a curfew.
        CurfewCheck = "curfew_check" => "Curfew check",
        /// Number plate marker.
        AnprMarker = "anpr_marker" => "ANPR marker",
        /// Check vehicle, insurance and driving licence.
        VehicleCheck = "vehicle_check" => "Vehicle, insurance or licence check",
        /// Tell a new partner under the disclosure scheme.
        Disclosure = "disclosure" => "Disclosure to a new partner (DVDS)",
        /// Act on a tenancy.
        TenancyAction = "tenancy_action" => "Tenancy action",
        /// Refer to benefits or tax authorities.
        BenefitReferral = "benefit_referral" => "Benefit or tax referral",
        /// Act on firearms.
        Firearms = "firearms" => "Firearms",
        /// Act on immigration status.
        Immigration = "immigration" => "Immigration",
        /// Disclosure to a school or employer by the proper authority.
        EmployerDisclosure = "employer_disclosure" => "School or employer disclosure",
        /// Visit by two agencies together.
        JointVisit = "joint_visit" => "Joint visit",
        /// Restraint of media or posts.
        MediaRestraint = "media_restraint" => "Media restraint",
    }
}
